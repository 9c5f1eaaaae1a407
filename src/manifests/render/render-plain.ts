import { shorten } from '../yaml-file.ts';
import type { InputFile } from './collect-input.ts';
import { NotRendered } from './source.ts';

/** Says in front of a document which file it is from, as `helm template` does. */
export const SOURCE_COMMENT = '# Source: ';

/** Manifests without any program to render them are what will run: one after the other, each with its name. */
export function renderPlain(files: readonly InputFile[]): string {
  return files
    .map(({ path, bytes }) => `---\n${SOURCE_COMMENT}${path.replace(/\s/g, ' ')}\n${textOf(path, bytes)}`)
    .join('');
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  } catch {
    throw new NotRendered(`\`${shorten(path, 200)}\` is not UTF-8`);
  }
}
