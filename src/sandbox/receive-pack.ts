import { ZERO_SHA } from './run-git.ts';

/** One line of a push: move `ref` from `before` to `after`; null for "none". */
export interface RefCommand {
  ref: string;
  before: string | null;
  after: string | null;
}

/**
 * Reads the head of a `git-receive-pack` request: pkt-lines of commands, a flush, then the pack.
 * https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer
 */
export function parseReceivePack(body: Buffer): { commands: RefCommand[]; pack: Buffer } {
  const commands: RefCommand[] = [];
  let at = 0;
  let options = false;
  while (at + 4 <= body.length) {
    const size = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(size)) break;
    const line = body.toString('utf8', at + 4, at + Math.max(size, 4));
    at += Math.max(size, 4);
    if (line.includes('push-options')) options = true;
    if (size !== 0) commands.push(...readCommand(line));
    // Push options are a second list that ends with its own flush.
    else if (options) options = false;
    else break;
  }
  return { commands, pack: body.subarray(at) };
}

function readCommand(line: string): RefCommand[] {
  const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
  if (match === null) return [];
  const [, before = '', after = '', ref = ''] = match;
  const orNull = (sha: string) => (sha === ZERO_SHA ? null : sha);
  return [{ ref, before: orNull(before), after: orNull(after) }];
}
