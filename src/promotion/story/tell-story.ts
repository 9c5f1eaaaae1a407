import type { BuildSource } from '../../domain/settings.ts';
import { findSourceRange, type SourceRange } from '../../domain/source-range.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { capBody, code, plain, table } from '../markdown.ts';
import type { EarlierPromotion, HistoryWriter } from '../ports/history.ts';
import type { SourceReader } from '../ports/source.ts';
import { describeSourceChanges } from './describe-changes.ts';

/** Where the story of a release is read. */
export interface Storyteller {
  repository: string;
  sources: readonly BuildSource[];
  reader: SourceReader;
  history?: HistoryWriter;
  /** Pull requests of Sluice that are open now. */
  open: ReadonlySet<number>;
}

/** What there is to tell of the releases of a pull request. */
export interface Story {
  /** Markdown; empty when there is nothing to tell. */
  text: string;
  /** All has been told that can be. */
  isWhole: boolean;
}

/** Applications of a group whose commits are told, each for one call. */
const MOST_TOLD = 10;
/** Commits that are told in one pull request. */
const MOST_COMMITS = 50;
/** A body has 65,536 characters, and says other things too. */
const MOST_TEXT = 25_000;

/**
 * What a pull request brings: the commits of each application's source, and where its release has been before.
 *
 * @param mayAsk whether GitHub may be asked; otherwise only what is known already is told
 */
export async function tellStory(
  storyteller: Storyteller,
  promotions: readonly PromotionTrailers[],
  mayAsk: boolean,
): Promise<Story> {
  const told = promotions.slice(0, MOST_TOLD);
  const most = Math.ceil(MOST_COMMITS / told.length);
  const parts: string[] = [];
  let isWhole = true;
  let hasChanges = false;
  for (const carried of told) {
    const story = await tellOne(storyteller, carried, most, mayAsk);
    isWhole &&= story.isWhole;
    hasChanges ||= story.hasChanges;
    if (story.text === '') continue;
    parts.push(...(promotions.length > 1 ? [`#### ${plain(carried.application)}`] : []), story.text);
  }
  if (parts.length === 0) return { text: '', isWhole };
  const more = promotions.length - told.length;
  if (more > 0) parts.push(`_Of ${more} more applications it is not told._`);
  const heading = hasChanges ? '### What is in it' : '### Where it has been';
  return { text: capBody([heading, ...parts].join('\n\n'), MOST_TEXT), isWhole };
}

async function tellOne(
  { repository, sources, reader, history, open }: Storyteller,
  carried: PromotionTrailers,
  most: number,
  mayAsk: boolean,
): Promise<Story & { hasChanges: boolean }> {
  const range = rangeOf(sources, carried);
  const read = range && (reader.recall(range) ?? (mayAsk ? await reader.readChanges(range) : null));
  const isUntold = range !== null && (!read || (!read.known && read.isPassing === true));
  const changes = range && read?.known ? [describeSourceChanges(range, read.value, most)] : [];
  const earlier = (await history?.listEarlier?.(repository, carried, open)) ?? [];
  const parts = [...changes, ...(earlier.length > 0 ? [describeEarlier(earlier)] : [])];
  return { text: parts.join('\n\n'), isWhole: !isUntold, hasChanges: changes.length > 0 };
}

export function rangeOf(
  sources: readonly BuildSource[],
  { application, changes = [] }: PromotionTrailers,
): SourceRange | null {
  return findSourceRange(sources, application, changes);
}

function describeEarlier(earlier: readonly EarlierPromotion[]): string {
  const rows = earlier.map(({ environment, pull, mergedAt, mergedBy, gates }) => [
    plain(environment),
    `#${pull}`,
    mergedAt === null ? '_just now_' : `${mergedAt.slice(0, 16)}Z`,
    mergedBy === null ? '' : code(mergedBy),
    gates === null ? '_not known any more_' : gates.map(describeGate).join(', ') || '_none_',
  ]);
  return table(['it came to', 'by', 'at', 'merged by', 'gates'], rows);
}

function describeGate({ gate, state, overriddenBy }: NonNullable<EarlierPromotion['gates']>[number]): string {
  return `${plain(gate)} ${state}${overriddenBy === null ? '' : ` by ${code(overriddenBy)}`}`;
}
