import { basename } from 'node:path';
import { shorten } from '../yaml-file.ts';
import { collectInput, type RenderInput } from './collect-input.ts';
import { quietEnvironment } from './environment.ts';
import { renderKey } from './render-key.ts';
import { renderPlain } from './render-plain.ts';
import type { Renderer } from './renderer.ts';
import { type ProgramLimits, type ProgramResult, runProgram } from './run-program.ts';
import { NotRendered, type SourceIndex } from './source.ts';
import { type Workspace, withWorkspace } from './workspace.ts';

export type Rendering =
  | {
      ok: true;
      yaml: string;
      sizeBytes: number /** What made it: `kustomize v5.7.1`; null for plain files. */;
      by: string | null;
      /** What a reader has to know about it: `with the chart's default values`. */
      note?: string;
    }
  /** The reason is to be put behind "not rendered: ". Transient: another attempt may succeed. */
  | { ok: false; reason: string; isTransient: boolean };

/** Where renderings are kept; an LRU cache, say. */
export interface RenderCache {
  get(key: string): Rendering | undefined;
  set(key: string, rendering: Rendering): void;
}

export interface RenderOptions {
  /** Folder of the target, or its only file. Repository-relative. */
  root: string;
  cache?: RenderCache;
  limits?: Partial<ProgramLimits>;
}

const LIMITS: ProgramLimits = {
  timeoutMs: 20_000,
  maxOutputBytes: 32 * 1024 * 1024,
  // kubectl starts within 1 GiB of address space, most of which is never touched.
  maxMemoryBytes: 2 * 1024 ** 3,
};

/**
 * What a target makes run in the cluster, as YAML: a kustomization through the real program, a chart through helm, a
 * plain folder as it is. Whatever the repository holds, this answers within the time limit and never throws for it.
 */
export async function renderTarget(
  renderer: Renderer,
  index: SourceIndex,
  { root, cache, limits }: RenderOptions,
): Promise<Rendering> {
  try {
    const input = await collectInput(index, root);
    const key = renderKey(renderer, input);
    const known = cache?.get(key);
    if (known) return known;
    const rendering = await renderInput(renderer, input, { ...LIMITS, ...limits });
    // Nothing is kept that depends on how busy the machine was.
    if (rendering.ok || !rendering.isTransient) cache?.set(key, rendering);
    return rendering;
  } catch (error) {
    if (error instanceof NotRendered) {
      return { ok: false, reason: error.message, isTransient: error.isTransient };
    }
    throw error;
  }
}

async function renderInput(
  renderer: Renderer,
  input: RenderInput,
  limits: ProgramLimits,
): Promise<Rendering> {
  if (input.kind === 'plain') {
    const yaml = renderPlain(input.files);
    return { ok: true, yaml, sizeBytes: Buffer.byteLength(yaml), by: null };
  }
  const { command, by } = commandFor(renderer, input);
  const result = await withWorkspace(input.files, (workspace) =>
    runProgram(command, { cwd: workspace.repository, env: environmentFor(workspace), limits }).then(
      (result) => (result.ok ? result : { ...result, stderr: hidePaths(result.stderr, workspace) }),
    ),
  );
  if (!result.ok) {
    const isTransient = result.reason === 'timeout' || isOutOfMemory(result.stderr);
    return {
      ok: false,
      reason: explain(result, limits, by, input.kind === 'kustomization' && input.hasSecrets),
      isTransient,
    };
  }
  const note = noteOn(input);
  const yaml = result.stdout.toString('utf8');
  return { ok: true, yaml, sizeBytes: result.stdout.length, by, ...(note && { note }) };
}

/** Which values a chart gets in the cluster stands somewhere else, often in a file beside it. */
function noteOn({ kind, root, files }: RenderInput): string | null {
  const start = root === '' ? 0 : root.length + 1;
  const isOther = (path: string) =>
    path !== 'values.yaml' &&
    !/(?:^|\/)charts\/.*values\.yaml$/.test(path) &&
    /(?:^|\/)values[^/]*\.ya?ml$/.test(path);
  return kind === 'chart' && files.some(({ path }) => isOther(path.slice(start)))
    ? "rendered with the chart's default values; other values files are not used"
    : null;
}

/** Programs are run with nothing that lets a repository run code: no exec or alpha plugins, no other load restrictor. */
function commandFor(
  renderer: Renderer,
  { kind, root, usesHelm }: RenderInput,
): { command: string[]; by: string } {
  const folder = `./${root}`;
  if (kind === 'kustomization' && !usesHelm)
    return { command: [...renderer.command, folder], by: renderer.version };
  const { helm } = renderer;
  if (!helm)
    throw new NotRendered(
      'it needs helm, which is not installed; put it on the PATH or name it in SLUICE_HELM',
    );
  if (kind === 'chart') {
    return { command: [helm.program, 'template', '--', releaseName(root), folder], by: helm.version };
  }
  const options = ['--enable-helm', '--helm-command', helm.program];
  return {
    command: [...renderer.command, ...options, folder],
    by: `${renderer.version} with ${helm.version}`,
  };
}

/** Release names are DNS labels: https://helm.sh/docs/chart_template_guide/builtin_objects/ */
function releaseName(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 53) || 'release';
}

function environmentFor({ home }: Workspace): Record<string, string> {
  const folders = {
    HELM_CONFIG_HOME: `${home}/config`,
    HELM_CACHE_HOME: `${home}/cache`,
    HELM_DATA_HOME: `${home}/data`,
  };
  return { ...quietEnvironment(home), ...folders };
}

function hidePaths(text: string, { repository, home }: Workspace): string {
  return text.replaceAll(`${repository}/`, '').replaceAll(repository, '.').replaceAll(home, '~');
}

function explain(
  { reason, stderr }: Extract<ProgramResult, { ok: false }>,
  { timeoutMs, maxOutputBytes }: ProgramLimits,
  by: string,
  hasSecrets: boolean,
): string {
  if (reason === 'timeout') return `${by} took longer than ${timeoutMs / 1000} s`;
  if (reason === 'output') return `${by} printed more than ${Math.round(maxOutputBytes / 1024 / 1024)} MB`;
  if (reason === 'missing') return `${by} could not be started`;
  if (isOutOfMemory(stderr)) return `${by} ran out of memory`;
  // It quotes what it cannot read, whole patches among it.
  if (hasSecrets) return 'kustomize failed; its message is not shown since it may hold values of secrets';
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^# Warning:/.test(line));
  const said =
    lines.find((line) => /^\W*error:/i.test(line)) ??
    lines.find((line) => /error/i.test(line)) ??
    lines.at(-1);
  return `${by} says: ${shorten(said?.replace(/^\W*(?:error:\s*)+/i, '') ?? 'nothing', 400)}`;
}

/** Go prints a page of stacks when it has no memory left. */
function isOutOfMemory(stderr: string): boolean {
  return /^(?:fatal error|runtime): .*(?:memory|mmap)/m.test(stderr);
}
