import type { ColumnType, Insertable, Selectable } from 'kysely';
import type { PromotionRecord } from './record.ts';

/** Written as JSON, read as what it stands for. */
type Json<Value> = ColumnType<Value, string | null, string | null>;
type Time<Value extends Date | null> = ColumnType<Value, string | null, string | null>;

interface PromotionTable {
  repository: string;
  pull: number;
  application: string;
  environment: string;
  kind: PromotionRecord['kind'];
  from_environments: Json<PromotionRecord['from']>;
  group_name: string | null;
  url: string;
  branch: string;
  release: string;
  fingerprint: string;
  changes: Json<PromotionRecord['changes']>;
  origin: string | null;
  source: string | null;
  authors: Json<PromotionRecord['authors']>;
  requested_by: Json<PromotionRecord['requestedBy']>;
  releases: Json<PromotionRecord['releases']>;
  head_sha: string;
  opened_at: Time<Date>;
  approvals: Json<PromotionRecord['approvals']>;
  gates: Json<PromotionRecord['gates']>;
  outcome: PromotionRecord['outcome'];
  merged_at: Time<Date | null>;
  merged_by: string | null;
  merge_commit_sha: string | null;
  closed_at: Time<Date | null>;
  closed_by: string | null;
  /** It has ended, and GitHub was asked for all of it since. */
  is_whole: boolean;
  /** It stands on the state branch as it is here. */
  is_kept: boolean;
}

export interface HistoryTables {
  'sluice.promotion': PromotionTable;
}

export type PromotionRow = Selectable<PromotionTable>;

export function toRow(record: PromotionRecord, isWhole: boolean): Insertable<PromotionTable> {
  const {
    from,
    group,
    requestedBy,
    headSha,
    openedAt,
    mergedAt,
    mergedBy,
    mergeCommitSha,
    closedAt,
    closedBy,
  } = record;
  const { repository, pull, application, environment, url, branch, release, fingerprint } = record;
  const row = {
    repository,
    pull,
    application,
    environment,
    kind: record.kind,
    from_environments: toJson(from),
    group_name: group,
    url,
    branch,
    release,
    fingerprint,
    changes: toJson(record.changes),
    origin: record.origin,
    source: record.source,
    authors: toJson(record.authors),
    requested_by: toJson(requestedBy),
    releases: toJson(record.releases),
    head_sha: headSha,
    opened_at: openedAt,
    approvals: toJson(record.approvals),
    gates: toJson(record.gates),
    outcome: record.outcome,
    merged_at: mergedAt,
    merged_by: mergedBy,
    merge_commit_sha: mergeCommitSha,
    closed_at: closedAt,
    closed_by: closedBy,
    is_whole: isWhole,
    is_kept: false,
  };
  return storable(row);
}

export function toRecord(row: PromotionRow): PromotionRecord {
  return {
    repository: row.repository,
    pull: row.pull,
    application: row.application,
    environment: row.environment,
    kind: row.kind,
    from: row.from_environments,
    group: row.group_name,
    url: row.url,
    branch: row.branch,
    release: row.release,
    fingerprint: row.fingerprint,
    changes: row.changes,
    origin: row.origin,
    source: row.source,
    authors: row.authors,
    requestedBy: row.requested_by,
    releases: row.releases,
    headSha: row.head_sha,
    openedAt: row.opened_at.toISOString(),
    approvals: row.approvals,
    gates: row.gates,
    outcome: row.outcome,
    mergedAt: row.merged_at?.toISOString() ?? null,
    mergedBy: row.merged_by,
    mergeCommitSha: row.merge_commit_sha,
    closedAt: row.closed_at?.toISOString() ?? null,
    closedBy: row.closed_by,
  };
}

/** SQL has a null of its own. */
function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(storable(value));
}

/** PostgreSQL takes any text but one with U+0000 or half a surrogate pair. */
function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return replaceUnstorable(value) as Value;
  if (Array.isArray(value)) return value.map(storable) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [replaceUnstorable(key), storable(each)]),
  ) as Value;
}

function replaceUnstorable(text: string): string {
  return text.replace(/\0|\p{Cs}/gu, '\ufffd');
}
