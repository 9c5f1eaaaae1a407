import { mapConcurrently } from '../promotion/map-concurrently.ts';
import type { Commit, TreeEntry } from '../promotion/ports/git.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { KeptCommit } from './cache.ts';
import { messageOf } from './client.ts';
import { decodeText } from './decode-text.ts';
import { deriveTree } from './derive-tree.ts';
import { restOf } from './rate-limit.ts';
import { readArchive } from './read-archive.ts';
import { readWholeTree } from './read-tree.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Commits that were read for the job at hand. */
export interface KnownCommits {
  ofTree(treeSha: string): KeptCommit | null;
  /** The tip of the default branch, once it was read. */
  tip(): KeptCommit | null;
}

export interface ContentReader {
  readTree(treeSha: string): Promise<TreeEntry[]>;
  readText(blobSha: string): Promise<string | null>;
  readTexts(blobShas: readonly string[]): Promise<Map<string, string | null>>;
}

/** So much of an archive is worth one call less. */
const BYTES_FOR_A_CALL = 4 * 1024 * 1024;
/** As many texts as are asked for side by side; for more than these one archive is quicker, and one call. */
const FEW_TEXTS = 8;
const ARCHIVE_TIMEOUT_MS = 60_000;
/** Unless it is too large, it may be had again. */
const FAILED_FOR_MS = 10 * 60_000;

type Keep = (blobSha: string, text: string | null) => void;

/**
 * Reads trees and texts by their SHA, with as few calls as there can be: out of what is kept; out of the tree before and
 * the patches of the commit; out of one archive of the tip where many are missing; else one by one. Whichever it was, what
 * is given has the SHA that was asked for.
 */
export function makeContentReader(context: RepositoryContext, known: KnownCommits, log: Log): ContentReader {
  const { client, owner, name, cache } = context;
  const repo = { owner, repo: name };
  const full = `${owner}/${name}`;
  const keyOf = (sha: string) => `${full} ${sha}`;
  const keep: Keep = (sha, text) => cache.texts.set(keyOf(sha), { text });

  const derive = (treeSha: string): TreeEntry[] | null => {
    const commit = known.ofTree(treeSha);
    const parent = commit?.parents[0] && cache.commits.get(keyOf(commit.parents[0]));
    const before = parent ? cache.trees.get(keyOf(parent.treeSha)) : undefined;
    if (!commit?.changed || !before) return null;
    const textOf = (sha: string) => cache.texts.get(keyOf(sha))?.text ?? null;
    const derived = deriveTree(before, commit.changed, treeSha, textOf);
    for (const [sha, text] of derived?.texts ?? []) keep(sha, text);
    return derived?.entries ?? null;
  };

  /** The tree of a commit when the archive holds all of it; null when it does not, or there is none to be had. */
  const unpack = async ({ sha, treeSha }: Commit, keepText: Keep): Promise<TreeEntry[] | null> => {
    const signal = AbortSignal.timeout(ARCHIVE_TIMEOUT_MS);
    try {
      // https://docs.github.com/en/rest/repos/contents#download-a-repository-archive-tar
      const { data } = await client.rest.repos.downloadTarballArchive({
        ...repo,
        ref: sha,
        request: { parseSuccessResponseBody: false, signal },
      });
      const archive = await readArchive(data as unknown as AsyncIterable<Uint8Array>, keepText);
      if (!archive) {
        cache.unpacked.set(full, 'failed');
        log.info({ repository: full }, 'too large for an archive; its files are read one by one');
      }
      return archive?.root === treeSha ? archive.entries : null;
    } catch (error) {
      // Then anything else would be refused too, until later.
      if (restOf(error, 0) !== null) {
        cache.unpacked.delete(full);
        throw error;
      }
      const fields = { repository: full, commit: sha, reason: messageOf(error) };
      log.warn(fields, 'the archive of the default branch cannot be used; its files are read one by one');
      cache.unpacked.set(full, 'failed', { ttl: FAILED_FOR_MS });
      return null;
    }
  };

  /** The tip, when its archive has more of these than are asked for one by one. */
  const tipWith = (blobShas: ReadonlySet<string>): Commit | null => {
    const tip = known.tip();
    const tree = tip && cache.trees.get(keyOf(tip.treeSha));
    if (!tree || blobShas.size <= FEW_TEXTS || cache.unpacked.get(full) === 'failed') return null;
    const here = new Set(tree.map(({ sha }) => sha));
    const count = [...blobShas].filter((sha) => here.has(sha)).length;
    const archiveBytes = tree.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return count > FEW_TEXTS && archiveBytes <= count * BYTES_FOR_A_CALL ? tip : null;
  };

  /** Where nothing is known of a repository yet, all of it comes at once. */
  const unpackFirst = async (treeSha: string): Promise<TreeEntry[] | null> => {
    const tip = known.tip();
    if (tip?.treeSha !== treeSha || cache.unpacked.has(full)) return null;
    cache.unpacked.set(full, 'done');
    return unpack(tip, keep);
  };

  const askText = async (blobSha: string): Promise<string | null> => {
    const { data } = await client.rest.git.getBlob({ ...repo, file_sha: blobSha });
    const text = decodeText(Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8'));
    keep(blobSha, text);
    return text;
  };

  return {
    async readTree(treeSha) {
      const kept = cache.trees.get(keyOf(treeSha));
      if (kept) return kept;
      const entries =
        derive(treeSha) ?? (await unpackFirst(treeSha)) ?? (await readWholeTree(context, treeSha, ''));
      cache.trees.set(keyOf(treeSha), entries);
      return entries;
    },
    async readText(blobSha) {
      const kept = cache.texts.get(keyOf(blobSha));
      return kept ? kept.text : askText(blobSha);
    },
    async readTexts(blobShas) {
      const found = new Map<string, string | null>();
      const missing = new Set<string>();
      for (const sha of blobShas) {
        const kept = cache.texts.get(keyOf(sha));
        if (kept) found.set(sha, kept.text);
        else missing.add(sha);
      }
      const tip = tipWith(missing);
      if (tip) {
        // More than is kept may be asked for: what is wanted now must not depend on that.
        await unpack(tip, (sha, text) => {
          keep(sha, text);
          if (missing.delete(sha)) found.set(sha, text);
        });
      }
      await mapConcurrently([...missing], FEW_TEXTS, async (sha) => found.set(sha, await askText(sha)));
      return found;
    },
  };
}
