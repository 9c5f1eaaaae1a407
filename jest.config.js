import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // The one holds every answer and webhook of the local GitHub to GitHub's own description, the other fixes seeds.
  setupFilesAfterEnv: ['<rootDir>/test/contract/setup.ts', '<rootDir>/test/fast-check-setup.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 60_000,
  testSequencer: '<rootDir>/.ci/run-order.mjs',
  // Never one: that would run all files in this process, which then spends half its time collecting garbage.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
  // Each file leaves some 50 MB behind. Near the limit a process spends its time collecting garbage: what takes 210 s in a
  // fresh one took more than 460.
  workerIdleMemoryLimit: '700MB',
};
