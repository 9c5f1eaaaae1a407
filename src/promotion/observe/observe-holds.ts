import type { HoldFact } from '../../domain/gates/facts.ts';
import { type Known, known } from '../../domain/gates/gate.ts';
import { covers, type Hold, type HoldTarget, isSameTarget } from '../../domain/hold.ts';
import { code, plain } from '../markdown.ts';
import type { FactsInput } from './facts-input.ts';

/**
 * The holds that cover a target. All promotions of a look share what was read. A rollback is not stopped by the hold
 * that came with it: `rollsBack` is what a head takes back.
 */
export async function observeHolds(
  { stops, location, due }: Pick<FactsInput, 'stops' | 'location' | 'due'>,
  rollsBack: { fingerprint: string } | undefined,
): Promise<Known<readonly HoldFact[]>> {
  const read = await stops();
  if (!read.known) return read;
  const bad = due?.rollsBack;
  const own = bad && bad.fingerprint === rollsBack?.fingerprint ? bad.url : null;
  const isOwn = (hold: Hold) => hold.url === own && isSameTarget(hold, location);
  return known(read.value.holds.filter((hold) => covers(hold, location) && !isOwn(hold)).map(toFact));
}

function toFact(hold: Hold): HoldFact {
  const { by, reason, url, untilMs } = hold;
  return {
    by: plain(by),
    what: describeTarget(hold),
    reason: plain(reason),
    resume: code(resumeCommand(hold)),
    url,
    untilMs,
    ...(hold.application === null && hold.environment !== null ? { isFreeze: true } : {}),
  };
}

/** `checkout in prod`, `checkout in every environment`, `everything in prod`; Markdown, safe. */
export function describeTarget({ application, environment }: HoldTarget): string {
  const what = application === null ? 'everything' : `**${plain(application)}**`;
  return `${what} in ${environment === null ? 'every environment' : `**${plain(environment)}**`}`;
}

/** The command that ends a hold on exactly this. */
export function resumeCommand({ application, environment }: HoldTarget): string {
  return ['/resume', application, environment].filter((word) => word !== null).join(' ');
}
