import { findPipelineProblems, type PipelineProblem } from '../domain/pipeline.ts';
import type { Finding } from './problem.ts';
import { isRecord } from './schema-parts.ts';
import { didYouMean, quote } from './suggest.ts';

const MOST_ENVIRONMENTS = 100;

/** The little that must hold between sections. Null stands for what another check refuses. */
interface Stage {
  name: string;
  from: readonly string[];
  /** Index of each source in a list; null when `from` is a single text. */
  isList: boolean;
  paths: readonly string[] | null;
}

/**
 * Finds what single keys cannot tell: unknown and circular `from`, environments without a place or with the
 * same one. Looks at the unchecked value, so that these problems are told along with all others.
 */
export function checkReferences(config: unknown): Finding[] {
  if (!isRecord(config) || !isRecord(config.environments)) return [];
  const names = Object.keys(config.environments);
  const path = ['environments'];
  if (names.length === 0) {
    return [{ message: 'there are no environments; write at least one, such as `dev:`', path, atKey: true }];
  }
  if (names.length > MOST_ENVIRONMENTS) {
    return [
      {
        message: `there are ${names.length} environments; ${MOST_ENVIRONMENTS} is the most`,
        path,
        atKey: true,
      },
    ];
  }
  const shared = textsOf(config.path);
  const stages = Object.entries(config.environments).map(([name, value]) => readStage(name, value, shared));
  return [
    ...checkGraph(stages),
    ...checkSpelling(names),
    ...checkPlaces(stages, config.path !== undefined, tellsApart(config.promote)),
  ];
}

function readStage(name: string, value: unknown, shared: readonly string[]): Stage {
  const own = isRecord(value) ? value : {};
  const paths = own.path === undefined ? (shared.length > 0 ? shared : null) : textsOf(own.path);
  return { name, from: textsOf(own.from), isList: Array.isArray(own.from), paths };
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value)
    ? value.filter((each) => typeof each === 'string').slice(0, MOST_ENVIRONMENTS)
    : [];
}

function checkGraph(stages: readonly Stage[]): Finding[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const twice = stages.filter(({ from }) => new Set(from).size < from.length);
  const problems = findPipelineProblems(stages);
  const findings = problems.map((problem) => explainPipeline(problem, byName));
  const isCircular = problems.some(({ kind }) => kind === 'cycle');
  if (!isCircular && stages.every(({ from }) => from.length > 0)) {
    findings.push({
      message: 'every environment has a `from`; the first one, where builds arrive, has none',
      path: ['environments'],
      atKey: true,
    });
  }
  return [
    ...findings,
    ...twice.map(({ name }) => ({
      message: 'an environment is there twice',
      path: ['environments', name, 'from'],
    })),
  ];
}

function explainPipeline(problem: PipelineProblem, stages: ReadonlyMap<string, Stage>): Finding {
  if (problem.kind === 'unknown-source') {
    const { environment, source } = problem;
    const stage = stages.get(environment);
    const others = [...stages.keys()].filter((name) => name !== environment);
    const known = didYouMean(source, others) || `. Environments: ${others.slice(0, 20).join(', ')}`;
    const index = stage?.isList ? [stage.from.indexOf(source)] : [];
    return {
      message: `there is no environment ${quote(source)}${known}`,
      path: ['environments', environment, 'from', ...index],
    };
  }
  if (problem.kind === 'duplicate') {
    return {
      message: 'this environment is there twice',
      path: ['environments', problem.environment],
      atKey: true,
    };
  }
  const [first = '', ...others] = problem.environments;
  const message =
    others.length === 1
      ? `${first} takes from itself`
      : `these environments take from each other in a circle: ${problem.environments.join(' from ')}`;
  return { message: `${message}; remove one \`from\``, path: ['environments', first, 'from'] };
}

/** Branches and labels of two such environments are one on some systems. */
function checkSpelling(names: readonly string[]): Finding[] {
  const seen = new Map<string, string>();
  const findings: Finding[] = [];
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const message = `${quote(name)} and ${quote(other)} differ only in capital letters; rename one`;
      findings.push({ message, path: ['environments', name], atKey: true });
    }
    seen.set(name.toLowerCase(), name);
  }
  return findings;
}

/** Environments may share a file when a field in it is theirs by `{env}`. */
function tellsApart(promote: unknown): boolean {
  const rules = Array.isArray(promote) ? promote : [promote];
  return rules.some(
    (rule) => isRecord(rule) && typeof rule.field === 'string' && rule.field.includes('{env}'),
  );
}

function checkPlaces(stages: readonly Stage[], hasShared: boolean, mayShare: boolean): Finding[] {
  const homeless = stages.filter(({ paths }) => paths === null).map(({ name }) => name);
  if (homeless.length > 0 && !hasShared) {
    const message = `there is no \`path:\`, which tells where ${homeless.slice(0, 5).join(', ')} live; write one such as "apps/{app}/overlays/{env}"`;
    return [{ message, path: [], atKey: true }];
  }
  if (mayShare) return [];
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, paths } of stages) {
    for (const place of new Set((paths ?? []).map((path) => placeOf(path, name)))) {
      const other = owners.get(place);
      if (other !== undefined) {
        const message = `${name} and ${other} have the same path, ${quote(place)}; each environment needs its own`;
        findings.push({ message, path: ['environments', name, 'path'] });
      }
      owners.set(place, name);
    }
  }
  return findings;
}

/** The path without what does not tell places apart: the names of its variables, a slash at the end. */
function placeOf(path: string, environment: string): string {
  return path
    .replace(/\/$/, '')
    .replaceAll('{env}', () => environment)
    .replace(/\{[^{}]*\}/g, '{app}');
}
