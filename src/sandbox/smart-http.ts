import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { allows, covers, findRepository, roleAtLeast, roleOf } from './access.ts';
import { authenticate } from './auth.ts';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { listRefs } from './git.ts';
import { parseReceivePack, type RefCommand } from './receive-pack.ts';
import { gitEnvironment, runGit } from './run-git.ts';
import type { Actor, Repository, User } from './state.ts';

const PATH = /^\/([^/]+)\/([^/]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a request is git's: `/owner/name.git/...`. */
export function isGitPath(url: string): boolean {
  return PATH.test(url.split('?')[0] ?? '');
}

/** Answers one request of a git client through `git http-backend`. https://git-scm.com/docs/git-http-backend */
export async function serveGit(
  sandbox: SandboxContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '', sandbox.url());
    const [, owner = '', name = '', service = ''] = PATH.exec(url.pathname) ?? [];
    const writes = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
    const actor = authenticate(sandbox, request.headers.authorization);
    const repository = accessible(sandbox, actor, owner, name, writes);
    const body = await readBody(request);
    const call = { service, query: url.search.slice(1), request, body, actor };
    const output =
      service === 'git-receive-pack'
        ? await receive(sandbox, repository, call)
        : await runBackend(repository, call);
    writeCgi(response, output);
  } catch (error) {
    refuse(response, error);
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof GitHubError ? error.status : 500;
  const message = error instanceof Error ? error.message : 'Server Error';
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="GitHub"');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

function accessible(
  sandbox: SandboxContext,
  actor: Actor,
  owner: string,
  name: string,
  writes: boolean,
): Repository {
  const repository = findRepository(sandbox.state, owner, name);
  const open = repository !== undefined && !repository.private;
  if (actor.kind === 'anonymous' && (writes || !open)) throw new GitHubError(401, 'Authentication required');
  if (repository === undefined || !(open || reads(sandbox, actor, repository))) {
    throw new GitHubError(404, 'Repository not found.');
  }
  if (writes && !pushes(sandbox, actor, repository)) {
    const login = 'user' in actor ? actor.user.login : 'this App';
    throw new GitHubError(403, `Permission to ${repository.fullName}.git denied to ${login}.`);
  }
  return repository;
}

function reads(sandbox: SandboxContext, actor: Actor, repository: Repository): boolean {
  if (actor.kind === 'user') return roleOf(sandbox, repository, actor.user.login) !== 'none';
  return (
    actor.kind === 'installation' &&
    covers(actor, repository) &&
    allows(actor.permissions, 'contents', 'read')
  );
}

function pushes(sandbox: SandboxContext, actor: Actor, repository: Repository): boolean {
  if (actor.kind === 'user') return roleAtLeast(roleOf(sandbox, repository, actor.user.login), 'write');
  return (
    actor.kind === 'installation' &&
    covers(actor, repository) &&
    allows(actor.permissions, 'contents', 'write')
  );
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

interface GitCall {
  service: string;
  query: string;
  request: IncomingMessage;
  body: Buffer;
  actor: Actor;
}

/** A push: asks what protection says, lets git do it, and announces what really moved. */
async function receive(sandbox: SandboxContext, repository: Repository, call: GitCall): Promise<Buffer> {
  const { actor } = call;
  if (!('user' in actor)) throw new GitHubError(401, 'Authentication required');
  const { commands, pack } = parseReceivePack(call.body);
  const refused = await refusals(sandbox, repository, actor, commands, pack);
  const list = join(dirname(repository.gitDir), `refused-${sandbox.nextId()}`);
  await writeFile(list, refused);
  const before = new Map((await listRefs(repository.gitDir, 'refs/')).map((entry) => [entry.ref, entry.sha]));
  const output = await runBackend(repository, call, { SANDBOX_REFUSED: list }).finally(() =>
    rm(list, { force: true }),
  );
  const after = new Map((await listRefs(repository.gitDir, 'refs/')).map((entry) => [entry.ref, entry.sha]));
  for (const { ref, after: wanted } of commands) {
    const was = before.get(ref) ?? null;
    const is = after.get(ref) ?? null;
    if (was !== is && is === wanted) {
      await sandbox.refChanged(repository, { ref, before: was, after: is, pusher: actor.user });
    }
  }
  return output;
}

/**
 * Lines `ref TAB reason` for the `update` hook. The pack is unpacked first, so that whoever decides can
 * look at the commits; what is refused stays as garbage that nothing names.
 */
async function refusals(
  sandbox: SandboxContext,
  repository: Repository,
  actor: Extract<Actor, { user: User }>,
  commands: RefCommand[],
  pack: Buffer,
): Promise<string> {
  if (sandbox.onBeforePush === undefined || commands.length === 0) return '';
  if (pack.length > 0) {
    const args = ['index-pack', '--stdin', '--fix-thin'];
    // A broken pack is git's to report, when it reads it again.
    await runGit(repository.gitDir, args, { input: pack, expect: [0, 1, 128] });
  }
  const lines: string[] = [];
  for (const command of commands) {
    const reason = await sandbox.onBeforePush(repository, { ...command, user: actor.user, actor });
    if (reason !== null) lines.push(`${command.ref}\t${reason.replace(/\s+/g, ' ')}\n`);
  }
  return lines.join('');
}

function runBackend(
  repository: Repository,
  call: GitCall,
  extra: Record<string, string> = {},
): Promise<Buffer> {
  const { request, body, actor } = call;
  const protocol = request.headers['git-protocol'];
  const env = gitEnvironment({
    GIT_PROJECT_ROOT: dirname(repository.gitDir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(repository.gitDir)}/${call.service}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: call.query,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.length),
    REMOTE_ADDR: '127.0.0.1',
    ...('user' in actor ? { REMOTE_USER: actor.user.login } : {}),
    ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
    ...extra,
  });
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(out)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(body);
  });
}

/** A CGI answer is headers, an empty line and the body; `Status` is the status line. */
function writeCgi(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n');
  if (end === -1) throw new Error('git http-backend gave no answer');
  let status = 200;
  for (const line of output.subarray(0, end).toString('latin1').split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status).end(output.subarray(end + 4));
}
