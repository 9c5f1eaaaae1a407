import type { GateSpec, HealthSource } from '../../domain/gate-spec.ts';
import type { GateFacts, HealthFact, Landing } from '../../domain/gates/facts.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { healthKey } from '../../domain/gates/health.ts';
import { type HealthReport, summarizeHealth } from '../../domain/health-report.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { matchesParts } from '../../domain/wildcard.ts';
import { flattenUnknown, orUnknown } from '../or-unknown.ts';
import type { FactsInput } from './facts-input.ts';
import type { Arrival } from './observe-arrivals.ts';

/** Of a branch that moves often, the newest tips that are asked: each costs a call. */
const MOST_TIPS = 20;

/** What the environments are asked with. */
export type EnvironmentInput = Pick<FactsInput, 'gates' | 'arrivals' | 'reports' | 'base'> & {
  due: Pick<Promotion, 'application'> | null;
};

/** When the release came to its sources, and how they say that it is. Reads only what the gates ask for. */
export async function observeEnvironments(
  input: EnvironmentInput,
): Promise<Pick<GateFacts, 'landings' | 'health'>> {
  const sources = input.gates.flatMap((gate) => (gate.kind === 'health' ? [gate.source] : []));
  if (sources.length === 0 && !input.gates.some(isSoak)) return { landings: known([]), health: new Map() };
  const arrivals = input.due
    ? await flattenUnknown('when the release came', input.arrivals)
    : unknown('what this pull request carries is not due any more');
  const health = new Map<string, Known<HealthFact[]>>();
  for (const source of sources) {
    const read = arrivals.known
      ? await orUnknown('the health of the source environment', () =>
          Promise.all(arrivals.value.map((arrival) => readHealth(input, source, arrival))),
        )
      : arrivals;
    health.set(healthKey(source), read);
  }
  return { landings: arrivals.known ? landingsOf(arrivals.value) : arrivals, health };
}

function isSoak({ kind }: GateSpec): boolean {
  return kind === 'soak';
}

function landingsOf(arrivals: readonly Arrival[]): Known<Landing[]> {
  const late = arrivals.find(({ sha, landing }) => sha !== null && landing === null)?.sha;
  if (late) {
    const reason = `GitHub's activity of the default branch does not hold ${late.slice(0, 7)} yet; Sluice asks again`;
    return { known: false, reason, isPassing: true };
  }
  return known(
    arrivals.map(({ environment, landing, untilMs = null }) => ({
      environment,
      untilMs,
      landedMs: landing?.atMs ?? null,
      isAtLatest: landing?.isAtLatest ?? false,
    })),
  );
}

/** What an environment reports of what arrived there. `{from}` in the name of the source stands for it. */
export async function readHealth(
  { reports, due, base }: Omit<EnvironmentInput, 'gates' | 'arrivals'>,
  source: HealthSource,
  { environment, landing, sha, untilMs = null }: Arrival,
): Promise<HealthFact> {
  // A `*` in the name of an application is none of the config's.
  const parts = source.name.split('*').map((part) => fillName(part, due!.application, environment));
  const name = parts.join('*');
  const tips = (landing?.tips ?? [sha ?? base.commit.sha]).slice(0, MOST_TIPS);
  const { kind } = source;
  const read =
    kind === 'deployment'
      ? await reports.of(name, tips)
      : (await Promise.all(tips.map((tip) => reports.on(kind, tip)))).flat();
  const own = read.filter(
    (report) =>
      matchesParts(report.name, parts) &&
      (source.by === null || isBy(report, source.by)) &&
      (untilMs === null || report.atMs <= untilMs),
  );
  return { environment, name, ...summarizeHealth(own), untilMs };
}

/** The name that a template with `{app}` and `{from}` gives for one application and one environment. */
export function fillName(template: string, application: string, environment: string): string {
  const values: Record<string, string> = { '{app}': application, '{from}': environment };
  return template.replace(/\{app\}|\{from\}/g, (placeholder) => values[placeholder]!);
}

function isBy({ by }: HealthReport, login: string): boolean {
  return by?.toLowerCase() === login.toLowerCase();
}
