import { createHash } from 'node:crypto';
import type { Asked, Box } from '../ports/dashboard.ts';

/** A box with its id, which is its own for each thing that can be asked for. */
export function makeBox(asked: Asked): Box {
  return { id: idOf(asked), asked };
}

function idOf(asked: Asked): string {
  switch (asked.kind) {
    case 'promote': {
      const { application, to, fingerprint } = asked;
      return `promote-${hash([application, to, fingerprint])}`;
    }
    case 'freeze':
    case 'resume':
      return `${asked.kind}-${hash([asked.environment])}`;
    case 'refresh':
      return 'refresh';
  }
}

/** Names of applications may hold anything, as `-->`. */
function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
