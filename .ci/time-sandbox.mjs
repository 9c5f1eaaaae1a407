// How many API calls a second the local GitHub answers over HTTP, with real git behind it: npm run bench:sandbox
// The client is a thread of its own, so that it does not count as the server's time.
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const ROUNDS = 150;
const CLIENTS = 8;

if (isMainThread) await serve();
else await measure(workerData);

async function serve() {
  const { startSandbox } = await import('../dist/sandbox/sandbox.js');
  const sandbox = await startSandbox();
  const { token } = sandbox.addUser('alice');
  sandbox.addOrganization('acme');
  const permissions = { contents: 'write', checks: 'write', pull_requests: 'write' };
  const app = sandbox.addApp({ slug: 'sluice', permissions, events: [] });
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`envs/${at % 10}/app-${at}/values.yaml`, `tag: v${at}\n`]),
  );
  await sandbox.addRepository({ owner: 'acme', name: 'gitops', files, collaborators: { alice: 'admin' } });
  const installation = sandbox.install(app.id, 'acme');
  const granted = `ghs_bench`;
  sandbox.state.installationTokens.set(granted, {
    token: granted,
    installationId: installation.id,
    permissions,
    expiresAt: Date.now() + 3_600_000,
  });
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { url: sandbox.url, token, granted },
  });
  worker.once('error', (error) => {
    throw error;
  });
  worker.once('exit', () => {
    const byKind = new Map();
    for (const { method, path, durationMs } of sandbox.calls) {
      const kind = `${method} ${path.replace(/\?.*/, '').replace(/[0-9a-f]{40}|branch-[\d-]+|\d+/g, '*')}`;
      byKind.set(kind, [...(byKind.get(kind) ?? []), durationMs]);
    }
    for (const [kind, times] of [...byKind].sort()) {
      const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
      console.log(`${mean.toFixed(1).padStart(7)} ms  ${String(times.length).padStart(5)} x  ${kind}`);
    }
    return sandbox.stop();
  });
}

async function measure({ url, token, granted }) {
  const api = async (method, path, body, as = token) => {
    const response = await fetch(`${url}/repos/acme/gitops/${path}`, {
      method,
      headers: { authorization: `token ${as}` },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  let calls = 0;
  const call = (...input) => {
    calls++;
    return api(...input);
  };
  const started = performance.now();
  let next = 0;
  const client = async () => {
    for (let round = next++; round < ROUNDS; round = next++) await promote(call, round, granted);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - started) / 1000;
  console.log(`${calls} calls in ${seconds.toFixed(1)} s: ${Math.round(calls / seconds)} calls a second`);
}

/** What a bot that promotes does: look, write a branch and a pull request, report a check, look again. */
async function promote(call, round, granted) {
  const main = await call('GET', 'git/ref/heads/main');
  const commit = await call('GET', `git/commits/${main.object.sha}`);
  const { tree } = await call('GET', `git/trees/${commit.tree.sha}?recursive=1`);
  const blobs = tree.filter((entry) => entry.type === 'blob');
  for (let at = 0; at < 4; at++) await call('GET', `git/blobs/${blobs[(round * 7 + at) % blobs.length].sha}`);
  await call('GET', 'pulls?state=open&per_page=100');
  const path = blobs[round % blobs.length].path;
  const change = [{ path, mode: '100644', type: 'blob', content: `tag: new-${round}\n` }];
  const written = await call('POST', 'git/trees', { base_tree: commit.tree.sha, tree: change });
  const parents = [main.object.sha];
  const made = await call('POST', 'git/commits', { message: `Promote ${round}`, tree: written.sha, parents });
  const branch = `branch-${round}`;
  await call('POST', 'git/refs', { ref: `refs/heads/${branch}`, sha: made.sha });
  const pull = await call('POST', 'pulls', { title: `Promote ${round}`, head: branch, base: 'main' });
  const run = { name: 'gates', head_sha: made.sha, status: 'in_progress' };
  await call('POST', 'check-runs', run, granted);
  for (let look = 0; look < 3; look++) {
    await call('GET', `pulls/${pull.number}`);
    await call('GET', `commits/${made.sha}/check-runs`);
    await call('GET', `commits/${made.sha}/status`);
    await call('GET', `pulls/${pull.number}/reviews`);
  }
}
