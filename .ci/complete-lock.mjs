// Names in package-lock.json every optional package for another platform that npm left out of it.
// npm leaves one out when the registry it talks to (a mirror, say) does not carry it, and `npm ci` then refuses
// the lock file everywhere. Run it after `npm install`, when that happened: node .ci/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies || {})) {
    const isExact = /^\d/.test(version);
    if (isLocked(path, name) || !isExact) continue;
    lock.packages[`node_modules/${name}`] = optionalEntry(name, version, entry.dev);
    added.push(name);
  }
}
const paths = Object.keys(lock.packages).sort((a, b) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(paths.map((path) => [path, lock.packages[path]]));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.error(`Added ${added.length} optional packages to package-lock.json.`);

/** Looks where Node would look: beside the package, and in each node_modules further up. */
function isLocked(path, name) {
  const parents = path
    .split('/node_modules/')
    .map((_, index, all) => all.slice(0, index + 1).join('/node_modules/'));
  const places = ['', ...parents.map((parent) => `${parent}/`)];
  return places.some((place) => lock.packages[`${place}node_modules/${name}`]);
}

/** The platform is in the name: `@swc/core-linux-arm-gnueabihf` is for Linux, ARM and glibc. */
function optionalEntry(name, version, dev) {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : ['glibc'];
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(os.includes('linux') && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}
