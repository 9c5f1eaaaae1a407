import type { GateSpec } from '../domain/gate-spec.ts';
import { toGate } from './gates/gate.ts';
import { matchEnvironments } from './match-environments.ts';
import type { ConfigPath, Finding } from './problem.ts';
import type { Config } from './schema.ts';
import type { ConfigEnvironment, ConfigOverride } from './schema-environments.ts';
import { toList } from './schema-parts.ts';

type WrittenGates = NonNullable<ConfigEnvironment['gates']>;

/** Finds gates that are named twice, and checks that are waited for twice, also where an override adds them. */
export function checkGates(config: Config): Finding[] {
  const { defaults, environments, overrides } = config;
  return [
    ...Object.entries(environments).flatMap(([name, value]) =>
      checkList(value?.gates, ['environments', name, 'gates']),
    ),
    ...checkList(defaults?.gates, ['defaults', 'gates']),
    ...overrides.flatMap(({ gates }, index) => checkList(gates, ['overrides', index, 'gates'])),
    ...checkOverrides(config),
  ];
}

/** An override as far as it can be compared with others. */
interface Reach {
  override: ConfigOverride;
  applications: ReadonlySet<string>;
  environments: ReadonlySet<string>;
}

function checkOverrides(config: Config): Finding[] {
  const names = Object.keys(config.environments);
  const reaches = config.overrides.map((override) => ({
    override,
    applications: new Set(toList(override.applications)),
    environments: new Set(matchEnvironments(override.environments, names)),
  }));
  return reaches.flatMap((reach, index) =>
    checkAdded(config, reach, reaches.slice(0, index), ['overrides', index, 'add-gates']),
  );
}

function checkList(gates: WrittenGates | undefined, path: ConfigPath): Finding[] {
  const seen = new Set<string>();
  return (gates ?? []).flatMap((written, index) => {
    const twice = findSeen(written, seen);
    return twice === null ? [] : [{ message: `${twice} is there twice; keep one`, path: [...path, index] }];
  });
}

/** Added gates among each other, and with those that stand in one of the environments. */
function checkAdded(config: Config, reach: Reach, before: readonly Reach[], path: ConfigPath): Finding[] {
  const added = reach.override['add-gates'];
  const among = checkList(added, path);
  if (among.length > 0 || !added) return among;
  const earlier = before.map((each) => ({ ...each, isSure: covers(each.applications, reach.applications) }));
  const standing = [...reach.environments].map((name) => {
    const seen = new Set<string>();
    for (const gate of standingGates(config, name, earlier)) findSeen(gate, seen);
    return { name, seen };
  });
  return added.flatMap((written, at): Finding[] => {
    for (const { name, seen } of standing) {
      const twice = findSeen(written, new Set(seen));
      if (twice === null) continue;
      const message = `${twice} stands in ${name} already, and is added to it; leave it out here`;
      return [{ message, path: [...path, at] }];
    }
    return [];
  });
}

/** The gates that stand in an environment for sure for all applications of an override, after earlier ones. */
function standingGates(
  { environments, defaults }: Config,
  name: string,
  earlier: readonly (Reach & { isSure: boolean })[],
): WrittenGates {
  const own = environments[name]?.gates ?? defaults?.gates ?? [];
  return earlier
    .filter((each) => each.environments.has(name))
    .reduce<WrittenGates>((gates, { override, isSure }) => {
      // Whether two globs have an application in common is not known: then nothing is sure to stand there.
      const kept = override.gates ? (isSure ? override.gates : []) : gates;
      return isSure ? [...kept, ...(override['add-gates'] ?? [])] : kept;
    }, own);
}

function covers(globs: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return globs.has('**') || [...others].every((other) => globs.has(other));
}

/** What of a gate is among those that were seen, in words; adds the gate to them. */
function findSeen(written: WrittenGates[number], seen: Set<string>): string | null {
  const gate = toGate(written);
  let twice: string | null = null;
  for (const part of partsOf(gate)) {
    const key = JSON.stringify(part);
    if (seen.has(key)) {
      twice ??= 'name' in part ? `the check ${JSON.stringify(part.name)}` : `this ${gate.kind} gate`;
    }
    seen.add(key);
  }
  return twice;
}

function partsOf(gate: GateSpec) {
  return gate.kind === 'checks' ? gate.checks.map((check) => ({ on: gate.on, ...check })) : [gate];
}
