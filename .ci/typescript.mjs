// Lets Node run the TypeScript of this repository as it stands: node --import ./.ci/typescript.mjs FILE.ts
// Node does so by itself from 22.18 on; tests are compiled by the same program.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';

// The hooks run in a thread of their own, which loads this file too.
if (isMainThread) register(import.meta.url);

/** https://nodejs.org/api/module.html#loadurl-context-nextload */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = await transform(await readFile(file, 'utf8'), {
    filename: file,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
