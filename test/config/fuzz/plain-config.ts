import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import type { Environment, Settings, Terms } from '../../../src/domain/settings.ts';
import { environmentResolver } from '../../../src/promotion/observe/resolve-environment.ts';
import { KINDS, list, map } from './gate-kinds.ts';

const TERMS = [
  'gates',
  'auto-merge',
  'reviewers',
  'allow-downgrade',
  'allow-floating',
  'allow',
  'open',
  'candidate',
];
const APPLICATIONS = ['checkout', 'payments-api', 'ledger'];

type Written = Record<string, unknown>;

/** Throws when the settings let a release in more easily than the config, as a plain reader understands it, says. */
export function assertNoWeaker(config: unknown, settings: Settings): void {
  const written = map(config, ['path', 'environments', 'defaults', 'overrides']);
  const environments = map(written.environments, Object.keys(Object(written.environments)));
  const defaults = written.defaults === undefined ? {} : map(written.defaults, TERMS);
  const overrides = list(written.overrides).map((each) =>
    map(each, ['applications', 'environments', 'add-gates', ...TERMS]),
  );
  const names = settings.environments.map(({ name }) => name);
  assert(same(names, Object.keys(environments)), 'an environment is not the same');
  const resolve = environmentResolver(settings);
  for (const stage of settings.environments) {
    const own = environments[stage.name] ?? {};
    const said = { ...defaults, ...map(own, ['from', 'path', ...TERMS]) };
    assert(same(stage.from, [said.from ?? []].flat()), `${stage.name} takes from others`);
    assertTerms(said, stage);
    for (const application of APPLICATIONS) assertResolved(said, overrides, stage, application, resolve);
  }
}

function assertTerms(said: Written, terms: Terms): void {
  const gates = list(said.gates);
  assert(gates.length === terms.gates.length, 'a gate was lost');
  assert(
    gates.every((gate, index) => isNoWeaker(gate, terms.gates[index]!)),
    'a gate is weaker than written',
  );
  assertFlags(said, terms);
}

function assertFlags(said: Written, terms: Terms): void {
  assert(terms.autoMerge === (said['auto-merge'] === true), 'it merges by itself');
  assert(terms.allowDowngrade === (said['allow-downgrade'] === true), 'it takes older versions');
  assert(terms.allowFloating === (said['allow-floating'] === true), 'it takes floating versions');
  assert(terms.open === (said.open ?? 'at-once'), 'it opens at another time');
  assert(terms.candidate === (said.candidate ?? 'current'), 'it takes another release');
  const constraints = said.allow === undefined ? [] : [said.allow].flat();
  assert(same(terms.allow ?? [], constraints), 'it takes other versions');
}

/** After the overrides that plainly concern the application; globs that a plain reader may misread are not judged. */
function assertResolved(
  said: Written,
  overrides: readonly Written[],
  stage: Environment,
  application: string,
  resolve: (environment: Environment, application: string) => Environment,
): void {
  const own = overrides.map(
    (override) =>
      [
        override,
        and(concerns(override.applications, application), concerns(override.environments ?? '*', stage.name)),
      ] as const,
  );
  if (own.some(([, isOwn]) => isOwn === null)) return;
  let gates = list(said.gates);
  let others = said;
  for (const [override] of own.filter(([, isOwn]) => isOwn)) {
    gates = [...list(override.gates ?? gates), ...list(override['add-gates'])];
    others = { ...others, ...override };
  }
  const resolved = resolve(stage, application);
  assert(
    gates.every((gate) => resolved.gates.some((found) => isNoWeaker(gate, found))),
    `a gate of ${application} was lost`,
  );
  assertFlags(others, resolved);
}

/** Null when a glob is more than a name with a `*` at its end. */
function concerns(globs: unknown, name: string): boolean | null {
  return [globs].flat().reduce<boolean | null>((found, glob) => {
    if (found || glob === '**' || glob === '*') return true;
    if (typeof glob !== 'string' || !/^[A-Za-z0-9-]+\*?$/.test(glob)) return null;
    const isMeant = glob.endsWith('*') ? name.startsWith(glob.slice(0, -1)) : name === glob;
    return isMeant || found;
  }, false);
}

function and(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}

function isNoWeaker(written: unknown, gate: GateSpec): boolean {
  if (typeof written === 'string') return written === gate.kind && judge(null, gate);
  const entries = Object.entries(Object(written));
  return entries.length === 1 && entries[0]?.[0] === gate.kind && judge(entries[0][1], gate);
}

function judge<Spec extends GateSpec>(written: unknown, gate: Spec): boolean {
  const kind = KINDS[gate.kind] as { isNoWeaker(written: unknown, gate: Spec): boolean };
  return kind.isNoWeaker(written, gate);
}

function same(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each));
}

function assert(isTrue: boolean, message: string): void {
  if (!isTrue) throw new Error(message);
}
