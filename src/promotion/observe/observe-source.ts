import type { GateSpec } from '../../domain/gate-spec.ts';
import type { CheckFact, GateFacts } from '../../domain/gates/facts.ts';
import { known, unknown } from '../../domain/gates/gate.ts';
import { orUnknown } from '../or-unknown.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FactsInput } from './facts-input.ts';

/** What the source environments say of a release. Reads only what the gates ask for. */
export async function observeSource(
  input: FactsInput,
): Promise<Pick<GateFacts, 'sourceCommit' | 'sourceChecks'>> {
  const gates = input.gates.filter((gate) => gate.kind === 'checks' && gate.on === 'source');
  if (gates.length === 0) return { sourceCommit: unknown('not looked up'), sourceChecks: known([]) };
  const found = await orUnknown('the history of the source environment', input.origins);
  if (!found.known) return { sourceCommit: found, sourceChecks: found };
  const origins = found.value;
  if (origins.length === 0 || origins.includes(null)) {
    const reason =
      'the commit that brought the release into the source environment was not found in its recent history';
    return { sourceCommit: unknown(reason), sourceChecks: unknown(reason) };
  }
  const wantsStatuses = gates.some((gate) => gate.kind === 'checks' && needsStatuses(gate));
  const sourceChecks = await orUnknown('the checks of the source commit', async () =>
    Promise.all(origins.map((origin) => readChecks(input.reader, origin!.sha, wantsStatuses))),
  );
  return { sourceCommit: known(origins[0]!.sha), sourceChecks };
}

async function readChecks(
  reader: RepositoryReader,
  sha: string,
  wantsStatuses: boolean,
): Promise<CheckFact[]> {
  const [runs, statuses] = await Promise.all([
    reader.listCheckRuns(sha),
    wantsStatuses ? reader.listStatuses(sha) : [],
  ]);
  return [...runs.checks, ...statuses].map((check) => ({ ...check, sha }));
}

/** An App that is named wrote a check run: statuses tell nothing of it. */
export function needsStatuses(gate: Extract<GateSpec, { kind: 'checks' }>): boolean {
  return gate.checks.some(({ app }) => app === null);
}
