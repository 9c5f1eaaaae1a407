import { afterAll, afterEach, expect } from '@jest/globals';
import { type Exchange, observeSandboxes, type Sent } from '../../src/sandbox/observe.ts';
import type { Validator } from './validator.ts';

// Jest runs this before each test file: whatever its local GitHubs say is held to GitHub's own description.
const exchanges: Exchange[] = [];
const deliveries: Sent[] = [];
let validator: Validator | null = null;

// The descriptions take seconds to load. Faults and schedules play the same stories hundreds of times, and of the end-to-end
// tests those that tell a story make every call that the others make.
const WITHOUT = /\/test\/(?:faults|schedules)\/|\/test\/e2e\/(?!.*story)/;
if (!WITHOUT.test(expect.getState().testPath ?? '')) {
  observeSandboxes({
    onExchange: (exchange) => void exchanges.push(exchange),
    onDelivery: (sent) => void deliveries.push(sent),
  });
}

// The file may say more after its last test: what is under way then is judged at the end.
afterEach(judge);
afterAll(judge);

async function judge(): Promise<void> {
  if (exchanges.length + deliveries.length === 0) return;
  // Only files that start a local GitHub pay for the descriptions.
  validator ??= (await import('./validator.ts')).makeValidator();
  const violations = new Set<string>();
  for (const exchange of exchanges.splice(0)) {
    for (const violation of validator.checkExchange(exchange)) violations.add(violation);
    await breathe();
  }
  for (const sent of deliveries.splice(0)) {
    for (const violation of validator.checkDelivery(sent)) violations.add(violation);
    await breathe();
  }
  report([...violations]);
}

/** Lets sockets and timers have their turn: clients and servers of the tests share this thread. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const MOST_SHOWN = 40;

function report(violations: string[]): void {
  if (violations.length === 0) return;
  const shown = violations.slice(0, MOST_SHOWN).join('\n  ');
  const more = violations.length > MOST_SHOWN ? `\n  and ${violations.length - MOST_SHOWN} more` : '';
  throw new Error(`GitHub's description of itself says otherwise:\n  ${shown}${more}`);
}
