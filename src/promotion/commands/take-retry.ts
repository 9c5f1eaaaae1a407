import { targetKey } from '../../domain/target.ts';
import { code } from '../markdown.ts';
import type { CommandCall } from './command-call.ts';
import { refuse, type Taken } from './taken.ts';

/** Takes `/retry`: has everything looked at anew, builds too. */
export async function takeRetry({ snapshot, authoriser }: CommandCall): Promise<Taken> {
  const refused = await authoriser.refuseAnywhere({ name: 'retry', shown: code('/retry') });
  if (refused !== null) return refuse(refused);
  const targets = snapshot.candidates.map(({ application, environment }) =>
    targetKey({ application, environment: environment.name }),
  );
  return { targets, answers: [], isTaken: true, lookAt: ['*'] };
}
