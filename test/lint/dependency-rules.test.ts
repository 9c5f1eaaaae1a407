import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

interface Cruise {
  modules: { source: string; dependencies: { resolved: string }[] }[];
  summary: { violations: Violation[] };
}

const root = resolve(import.meta.dirname, '../..');
const ruleFile = join(root, '.dependency-cruiser.cjs');
const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** Runs the program that `npm run lint` runs, with the same rules, on the `src` (and `test`) below a directory. */
function cruise(directory: string, folders: string[]): Cruise {
  const args = [program, ...folders, '--config', ruleFile, '--output-type', 'json'];
  const result = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!result.stdout) throw new Error(`dependency-cruiser said nothing: ${result.stderr}`);
  return JSON.parse(result.stdout) as Cruise;
}

function violationsOf(files: Record<string, string>): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-rules-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return describeViolations(cruise(directory, ['src']));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function describeViolations({ summary }: Cruise): string[] {
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`);
}

/** A package as npm lays it out, empty. */
const emptyPackage = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'module.exports = {};',
});

/** A small program in our folders that keeps every rule. */
const wellBehaved: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'fixture',
    type: 'module',
    dependencies: { semver: '1.0.0' },
    devDependencies: { 'fast-check': '1.0.0' },
  }),
  ...emptyPackage('semver'),
  ...emptyPackage('fast-check'),
  'src/cli/main.ts': "import '../index.ts';\nimport '../sandbox/server.ts';\n",
  'src/index.ts': "import './github/pulls.ts';\nimport './queue/memory.ts';\n",
  'src/domain/plan.ts': "import semver from 'semver';\nexport const plan = semver;\n",
  'src/promotion/observe.ts': "export { plan as observe } from '../domain/plan.ts';\n",
  'src/github/pulls.ts': "export { observe as pulls } from '../promotion/observe.ts';\n",
  'src/queue/memory.ts': 'export const queue = [];\n',
  'src/sandbox/server.ts': "import { createServer } from 'node:http';\nexport const server = createServer;\n",
};

/** Files that each break one rule, and how dependency-cruiser should say so. */
const offences = [
  {
    what: 'domain importing github',
    path: 'src/domain/a.ts',
    text: "import '../github/pulls.ts';",
    expected: 'domain-imports-inwards: src/domain/a.ts -> src/github/pulls.ts',
  },
  {
    what: 'a mere type from outside in the domain',
    path: 'src/domain/b.ts',
    text: "import type { pulls } from '../github/pulls.ts';\nexport type Pulls = typeof pulls;",
    expected: 'domain-imports-inwards: src/domain/b.ts -> src/github/pulls.ts',
  },
  {
    what: 'an import at run time in the domain',
    path: 'src/domain/c.ts',
    text: "export const load = () => import('../github/pulls.ts');",
    expected: 'domain-imports-inwards: src/domain/c.ts -> src/github/pulls.ts',
  },
  {
    what: 'domain reading files',
    path: 'src/domain/d.ts',
    text: "import 'node:fs';",
    expected: 'domain-is-pure: src/domain/d.ts -> fs',
  },
  {
    what: 'sandbox importing domain',
    path: 'src/sandbox/e.ts',
    text: "import '../domain/plan.ts';",
    expected: 'sandbox-imports-inwards: src/sandbox/e.ts -> src/domain/plan.ts',
  },
  {
    what: 'promotion importing github',
    path: 'src/promotion/f.ts',
    text: "import '../github/pulls.ts';",
    expected: 'promotion-imports-inwards: src/promotion/f.ts -> src/github/pulls.ts',
  },
  {
    what: 'one adapter importing another',
    path: 'src/github/g.ts',
    text: "import '../queue/memory.ts';",
    expected: 'github-imports-inwards: src/github/g.ts -> src/queue/memory.ts',
  },
  {
    what: 'the app importing the sandbox',
    path: 'src/webhooks/h.ts',
    text: "import '../sandbox/server.ts';",
    expected: 'only-cli-and-tests-use-the-sandbox: src/webhooks/h.ts -> src/sandbox/server.ts',
  },
  {
    what: 'the app importing the command line',
    path: 'src/queue/i.ts',
    text: "import '../cli/main.ts';",
    expected: 'nothing-imports-the-edge: src/queue/i.ts -> src/cli/main.ts',
  },
  {
    what: 'src importing a test',
    path: 'src/queue/j.ts',
    text: "import '../../test/helper.ts';",
    expected: 'src-does-not-import-tests: src/queue/j.ts -> test/helper.ts',
  },
  {
    what: 'src importing a devDependency',
    path: 'src/queue/k.ts',
    text: "import 'fast-check';",
    expected: 'src-does-not-import-dev-dependencies: src/queue/k.ts -> node_modules/fast-check/index.js',
  },
  {
    what: 'a circle',
    path: 'src/queue/l.ts',
    text: "import './l.ts';",
    expected: 'no-circular-imports: src/queue/l.ts -> src/queue/l.ts',
  },
  {
    what: 'a module that nothing uses',
    path: 'src/queue/m.ts',
    text: 'export const forgotten = 1;',
    expected: 'every-module-is-used: src/queue/m.ts -> src/queue/m.ts',
  },
];

test('a program whose imports point inwards breaks no rule', () => {
  expect(violationsOf(wellBehaved)).toEqual([]);
});

describe('in a program with forbidden imports', () => {
  let reported: string[] = [];

  beforeAll(() => {
    const offending = Object.fromEntries(offences.map(({ path, text }) => [path, text]));
    reported = violationsOf({ ...wellBehaved, 'test/helper.ts': 'export {};', ...offending });
  });

  test.each(offences)('$what is reported', ({ expected }) => {
    expect(reported).toContain(expected);
  });
});

test('the rules see the modules of Sluice itself, and none is broken', () => {
  const result = cruise(root, ['src', 'test']);
  const importing = result.modules.filter(
    ({ source, dependencies }) => source.startsWith('src/') && dependencies.length > 0,
  );
  expect(importing.length).toBeGreaterThan(0);
  expect(describeViolations(result)).toEqual([]);
});
