// Holds a real repository on GitHub to what the sandbox's tests take for granted: npm run test:github
// It writes branches, pull requests, labels and checks under a prefix of their own and takes them away again; pull
// requests stay, closed. Take a repository that is there for nothing else.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NEEDED = {
  GITHUB_CONTRACT_TOKEN: 'a token that may write there: of a person, or of an App that is installed there',
  GITHUB_CONTRACT_REPOSITORY: 'OWNER/NAME of a repository with default settings, to try things in',
};

const missing = Object.keys(NEEDED).filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.log('The contract suite did not run against GitHub:');
  for (const name of missing) console.log(`  ${name} is not set: ${NEEDED[name]}`);
  console.log('`npm test` runs the same suite against the sandbox.');
  process.exit(0);
}
if (!/^[\w.-]+\/[\w.-]+$/.test(process.env.GITHUB_CONTRACT_REPOSITORY)) {
  console.error('GITHUB_CONTRACT_REPOSITORY must be OWNER/NAME');
  process.exit(1);
}

const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
// One after the other: GitHub asks that an actor's writes are not made side by side.
// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
const args = [...jest, '--runInBand', '--testTimeout=300000', 'test/github-contract/behaviour'];
const { status } = spawnSync(process.execPath, args, {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, SLUICE_CONTRACT_TARGET: 'github' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
