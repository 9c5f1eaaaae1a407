import { isPromotionBranch } from '../domain/branch-name.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import { GATES_CHECK, promotionMark, readPlanned } from '../promotion/observe/observe-pulls.ts';
import type { Commit } from '../promotion/ports/git.ts';
import type { HistoryReader, SeenPull } from '../promotion/ports/history.ts';
import type { Pull, PullDetail } from '../promotion/ports/pulls.ts';
import { type End, endPull, seePull } from './fold.ts';
import type { PromotionRecord } from './record.ts';

/** Heads of one pull request that are followed back. */
const MOST_HEADS = 200;

/** A head that Sluice made, with what it says of itself. */
interface MadeHead {
  commit: Commit;
  group: string | null;
  carried: readonly PromotionTrailers[];
  /** Of all that it carries. */
  fingerprint: string;
}

/** What GitHub tells of one pull request; `records` are empty when it is no promotion. */
export interface ReadPull {
  records: PromotionRecord[];
  /** It has ended, and all that will ever be known of it is in the records. */
  isWhole: boolean;
}

/** A pull request is Sluice's when the App opened it from a branch of its own: docs/decisions/0005. */
export function mayBePromotion({ isSluices, branch }: Pull): boolean {
  return isSluices && isPromotionBranch(branch);
}

/**
 * Reads all that git and GitHub know of a pull request, open or not. Its heads say what it carried, their check runs
 * what the gates were judged by, as long as GitHub keeps them.
 *
 * @param branch the default branch
 */
export async function readPullHistory(
  reader: HistoryReader,
  repository: string,
  branch: string,
  pull: Pull,
): Promise<ReadPull> {
  if (!mayBePromotion(pull)) return { records: [], isWhole: true };
  const heads = await readHeads(reader, pull);
  let records: PromotionRecord[] = [];
  for (const [index, head] of heads.entries()) {
    const next = heads[index + 1];
    const seen = next ? await seeEarlier(reader, pull, head, next) : await seeLast(reader, pull, head);
    records = seePull(records, repository, seen);
  }
  if (records.length === 0 || pull.isOpen) return { records, isWhole: records.length === 0 };
  const end = await readEnd(reader, branch, pull.number);
  return end ? { records: endPull(records, end), isWhole: true } : { records, isWhole: false };
}

/** How a pull request ended; null while it is open. */
async function readEnd(reader: HistoryReader, branch: string, number: number): Promise<End | null> {
  const pull = await reader.readPull(number);
  return pull && !pull.isOpen ? endOf(reader, branch, pull) : null;
}

/** How a pull request ended that is known not to be open. Nothing more is asked of one that merged as it should. */
export async function endOf(
  reader: Pick<HistoryReader, 'isAncestor' | 'readCloser' | 'readDefaultTip'>,
  branch: string,
  pull: PullDetail,
): Promise<End> {
  const hasLanded = pull.isMerged && (pull.base === branch || (await isOnDefault(reader, pull)));
  return { pull, hasLanded, closer: pull.isMerged ? null : await reader.readCloser(pull.number) };
}

/** The default branch may have had another name then; or somebody merged it into something else. */
async function isOnDefault(
  reader: Pick<HistoryReader, 'isAncestor' | 'readDefaultTip'>,
  { mergeCommitSha }: Pull,
): Promise<boolean> {
  const tip = await reader.readDefaultTip();
  return tip !== null && mergeCommitSha !== null && reader.isAncestor(mergeCommitSha, tip.commit.sha);
}

/** The heads that Sluice made for a pull request, the first one first. What came before it was opened is another's. */
async function readHeads(reader: HistoryReader, { headSha, branch, createdAt }: Pull): Promise<MadeHead[]> {
  const heads: MadeHead[] = [];
  let sha: string | undefined = headSha;
  for (let step = 0; sha !== undefined && step < MOST_HEADS; step++) {
    const commit: Commit = await reader.readCommit(sha);
    const { trailers, group } = readPlanned(commit, branch);
    const planned = group ?? trailers;
    if (planned) {
      const carried = group?.members ?? (trailers ? [trailers] : []);
      heads.unshift({ commit, group: group?.group ?? null, carried, fingerprint: planned.fingerprint });
      const isFirst = commit.parents.length < 2 || Date.parse(commit.committedAt) < Date.parse(createdAt);
      if (isFirst) break;
    }
    sha = commit.parents[0];
  }
  return heads;
}

/** What a head was judged by matters only for what is not in the next one: that has left. */
async function seeEarlier(
  reader: HistoryReader,
  pull: Pull,
  head: MadeHead,
  next: MadeHead,
): Promise<SeenPull> {
  const hasLeaver = head.carried.some(
    ({ application }) => !next.carried.some((each) => each.application === application),
  );
  const { sha } = head.commit;
  const trace = hasLeaver ? await readTrace(reader, pull, head, sha) : null;
  return { ...seenAs(head), pull: { ...pull, headSha: sha }, trace, reviews: null };
}

/** GitHub's button "Update branch" may have made a head on top, which is judged as Sluice's own; or a person did. */
async function seeLast(reader: HistoryReader, pull: Pull, head: MadeHead): Promise<SeenPull> {
  const { sha } = head.commit;
  const onTop = await readTrace(reader, pull, head, pull.headSha);
  const trace = onTop ?? (sha === pull.headSha ? null : await readTrace(reader, pull, head, sha));
  return { ...seenAs(head), pull, trace, reviews: await reader.listReviews(pull.number) };
}

function seenAs({ commit, group, carried }: MadeHead): Pick<SeenPull, 'head' | 'group' | 'carried'> {
  return { head: commit, group, carried };
}

/** The newest check run of the App on a commit that attests it as this promotion's. */
async function readTrace(
  reader: HistoryReader,
  { branch }: Pull,
  { fingerprint }: MadeHead,
  sha: string,
): Promise<string | null> {
  const { own } = await reader.listCheckRuns(sha);
  const mark = promotionMark(branch, fingerprint);
  return own.find(({ name, externalId }) => name === GATES_CHECK && externalId === mark)?.text ?? null;
}
