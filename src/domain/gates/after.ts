import { findKeptOut } from '../constraint.ts';
import type { Dependency, GateSpec } from '../gate-spec.ts';
import type { GateFacts } from './facts.ts';
import type { GateResult } from './gate.ts';

type AfterSpec = Extract<GateSpec, { kind: 'after' }>;

/** Passes when the applications that go first are there. An application does not wait for itself. */
export function evaluateAfter({ dependencies }: AfterSpec, facts: GateFacts): GateResult {
  const gate = 'after';
  const others = dependencies.filter(({ application }) => application !== facts.application);
  if (others.length === 0)
    return { gate, state: 'passed', reason: `${facts.application} is what the others come after` };
  const open = others.flatMap((dependency) => whyNot(dependency, facts) ?? []);
  if (open.length > 0) return { gate, state: 'waiting', reason: open.join('; ') };
  const names = others.map(({ application, version }) => `${application}${version ? ` ${version}` : ''}`);
  return { gate, state: 'passed', reason: `${facts.to} holds ${names.join(', ')}` };
}

/** Why an application is not there yet; null when it is. */
function whyNot({ application, version }: Dependency, { dependencies, to }: GateFacts): string | null {
  const fact = dependencies.get(application);
  if (fact === undefined) return `how ${application} stands in ${to} was not read`;
  if (fact === null) return `${to} has no application ${application}`;
  if (version === null) return fact.lag && `${application} goes first: ${fact.lag}`;
  if (fact.versions.length === 0) return `${application} holds no version in ${to}`;
  const kept = fact.versions.find((held) => findKeptOut(held, version) !== null);
  return kept === undefined
    ? null
    : `${application} in ${to} holds \`${kept}\`, and must hold \`${version}\``;
}
