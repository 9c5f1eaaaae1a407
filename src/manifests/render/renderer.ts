import { access, constants, stat } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { quietEnvironment } from './environment.ts';
import { unpackKubectl } from './packaged-kubectl.ts';
import { runProgram } from './run-program.ts';

/** A program that renders kustomizations, and helm where there is one. */
export interface Renderer {
  /** For people and cache keys: `kustomize v5.7.1 (kubectl v1.35.2)`. */
  version: string;
  /** Program and subcommand; the folder follows. */
  command: readonly string[];
  helm: { version: string; program: string } | null;
}

export interface Unavailable {
  /** Says what to do about it. */
  unavailable: string;
}

type Found = Pick<Renderer, 'version' | 'command'>;

const PROBE = { timeoutMs: 10_000, maxOutputBytes: 64 * 1024, maxMemoryBytes: 8 * 1024 ** 3 };

/**
 * Finds the program once, at start-up: `SLUICE_KUSTOMIZE`, `kustomize`, `kubectl`, else the kubectl of an npm package.
 * `SLUICE_HELM` and `helm` in the same way. What `SLUICE_KUSTOMIZE` names is used or nothing is.
 */
export async function findRenderer(env: NodeJS.ProcessEnv): Promise<Renderer | Unavailable> {
  const found = await findKustomize(env);
  if ('unavailable' in found) return found;
  return { ...found, helm: await findHelm(env) };
}

async function findKustomize(env: NodeJS.ProcessEnv): Promise<Found | Unavailable> {
  const named = env.SLUICE_KUSTOMIZE;
  if (named) {
    const program = isAbsolute(named) ? named : await findOnPath(named, env);
    const found = program && (await probeKustomize(program));
    return (
      found || { unavailable: `SLUICE_KUSTOMIZE is \`${named}\`, which is no kustomize or kubectl that runs` }
    );
  }
  for (const name of ['kustomize', 'kubectl']) {
    const program = await findOnPath(name, env);
    const found = program && (await probeKustomize(program));
    if (found) return found;
  }
  const packaged = await unpackKubectl(env);
  if (!packaged.ok) return { unavailable: `${packaged.reason}; ${ADVICE}` };
  return (
    (await probeKustomize(packaged.path)) ?? {
      unavailable: `the packaged kubectl does not run here; ${ADVICE}`,
    }
  );
}

const ADVICE = 'install kustomize or kubectl, or name one in SLUICE_KUSTOMIZE';

async function findHelm(env: NodeJS.ProcessEnv): Promise<Renderer['helm']> {
  const named = env.SLUICE_HELM;
  const program = named && isAbsolute(named) ? named : await findOnPath(named || 'helm', env);
  const version = program && (await firstLine([program, 'version', '--short']));
  return version ? { version: `helm ${version.split('+')[0]}`, program } : null;
}

/** kubectl has kustomize as a subcommand: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_kustomize/ */
async function probeKustomize(program: string): Promise<Found | null> {
  if (!/^kubectl/.test(basename(program))) {
    const version = await firstLine([program, 'version']);
    // Version 3 and older printed a structure: {Version:kustomize/v3.8.1 GitCommit:...}
    const number = /v?\d+\.\d+\.\d+[\w.-]*/.exec(version ?? '')?.[0];
    return number ? { version: `kustomize ${number}`, command: [program, 'build'] } : null;
  }
  const json = await runQuietly([program, 'version', '--client', '-o', 'json']);
  const versions = json === null ? null : parseVersions(json);
  return versions === null ? null : { version: versions, command: [program, 'kustomize'] };
}

function parseVersions(json: string): string | null {
  try {
    const { kustomizeVersion, clientVersion } = JSON.parse(json);
    if (typeof kustomizeVersion !== 'string') return null;
    return `kustomize ${kustomizeVersion} (kubectl ${clientVersion?.gitVersion})`;
  } catch {
    return null;
  }
}

async function firstLine(command: readonly string[]): Promise<string | null> {
  return (await runQuietly(command))?.split('\n', 1)[0]?.trim() || null;
}

async function runQuietly(command: readonly string[]): Promise<string | null> {
  const result = await runProgram(command, {
    cwd: '/',
    env: quietEnvironment('/nonexistent'),
    limits: PROBE,
  });
  return result.ok ? result.stdout.toString('utf8') : null;
}

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
