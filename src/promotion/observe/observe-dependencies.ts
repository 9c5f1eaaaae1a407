import { namesVersion } from '../../domain/compare-values.ts';
import type { DependencyFact, GateFacts } from '../../domain/gates/facts.ts';
import { targetKey } from '../../domain/target.ts';
import type { FactsInput } from './facts-input.ts';

/** How the applications that go first stand in the environment. All of it has been read already: no call. */
export function observeDependencies(
  input: FactsInput,
): Pick<GateFacts, 'application' | 'to' | 'dependencies'> {
  const { gates, location } = input;
  const named = gates.flatMap((gate) =>
    gate.kind === 'after' ? gate.dependencies.map(({ application }) => application) : [],
  );
  const dependencies = new Map(named.map((application) => [application, standing(input, application)]));
  return { application: location.application, to: location.environment, dependencies };
}

function standing({ byTarget, decided, location }: FactsInput, application: string): DependencyFact | null {
  const { environment } = location;
  const target = byTarget.get(targetKey({ application, environment }));
  if (!target) return null;
  const found = decided.find(
    (each) => each.application === application && each.environment.name === environment,
  );
  const versions = target.held.values.filter(namesVersion).map(({ value }) => value);
  if (!found?.isKnown) return { versions, lag: `what ${environment} is due of it is not known` };
  const { promotion, notPromoted, isBlocked } = found;
  if (promotion) return { versions, lag: `${promotion.release.label} is to be promoted to ${environment}` };
  return { versions, lag: isBlocked ? (notPromoted[0]?.reason ?? 'it is held back') : null };
}
