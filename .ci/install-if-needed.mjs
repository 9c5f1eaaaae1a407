// Installs the dependencies when node_modules is not what package-lock.json asks for, and does nothing
// otherwise, so that `npm run demo` and `npm test` work on a fresh clone and stay quick afterwards.
// Folders that hold packages of their own and are wanted too are its arguments: `install-if-needed.mjs test/contract`.
// Everything is said on standard error: standard output belongs to the command that follows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

refuseOldNode();
for (const folder of ['.', ...process.argv.slice(2)]) {
  if (isInstalled(folder)) continue;
  install(folder);
  stamp(folder);
}

function refuseOldNode() {
  const range = readJson('package.json').engines.node;
  const [needed, have] = [range, process.version].map((text) => text.match(/\d+/g).map(Number));
  const difference = needed.map((part, index) => (have[index] || 0) - part).find((delta) => delta !== 0);
  if (difference === undefined || difference > 0) return;
  stop(`needs Node ${range}, this is ${process.version}. Install a current one from https://nodejs.org.`);
}

/** What the folder asks for now: its two files and this Node. */
function wantedOf(folder) {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) {
    hash.update(readFileSync(join(root, folder, name)));
  }
  return { hash: hash.digest('hex'), node: process.version };
}

/** True when the last install was for exactly this, or when what npm recorded shows that it would be the same. */
function isInstalled(folder) {
  const wanted = wantedOf(folder);
  const stamped = readStamp(folder);
  if (stamped && stamped.node !== wanted.node) return false;
  if (stamped && stamped.hash === wanted.hash) return true;
  if (!holdsWhatTheLockNames(folder)) return false;
  stamp(folder);
  return true;
}

/**
 * Compares package-lock.json with npm's own record of what it put into node_modules, so that an edited script
 * in package.json does not cost an install. https://docs.npmjs.com/cli/configuring-npm/package-lock-json#hidden-lockfiles
 */
function holdsWhatTheLockNames(folder) {
  if (!existsSync(join(root, folder, 'node_modules', '.package-lock.json'))) return false;
  const locked = readJson(join(folder, 'package-lock.json')).packages;
  const present = readJson(join(folder, 'node_modules', '.package-lock.json')).packages;
  const manifest = readJson(join(folder, 'package.json'));
  for (const kind of ['dependencies', 'devDependencies']) {
    if (JSON.stringify(manifest[kind] || {}) !== JSON.stringify(locked[''][kind] || {})) return false;
  }
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    // Packages for other platforms are in the lock file and never on the disk.
    if (!found) return Boolean(entry.optional);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install(folder) {
  const what = folder === '.' ? 'dependencies' : folder;
  console.error(`Sluice: installing ${what} (npm ci) ...`);
  const startedMs = Date.now();
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: join(root, folder), stdio: ['ignore', 2, 2] };
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.error) stop(`npm could not be started: ${result.error.message}. Is npm on the PATH?`);
  if (result.status !== 0)
    stop('npm ci failed, see above. Check the connection to the npm registry and try again.');
  console.error(`Sluice: installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`);
}

function stampFileOf(folder) {
  return join(root, folder, 'node_modules', '.sluice-lock-hash');
}

function readStamp(folder) {
  const stampFile = stampFileOf(folder);
  if (!existsSync(stampFile)) return undefined;
  const [hash, node] = readFileSync(stampFile, 'utf8').trim().split(' ');
  return { hash, node };
}

function stamp(folder) {
  const { hash, node } = wantedOf(folder);
  writeFileSync(stampFileOf(folder), `${hash} ${node}\n`);
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function stop(message) {
  console.error(`Sluice: ${message}`);
  process.exit(1);
}
