import { subject } from '../../domain/compare-values.ts';
import { describeDuration } from '../../domain/duration.ts';
import type { Dependency, GateSpec, PolicyRule } from '../../domain/gate-spec.ts';
import { describeRule } from '../../domain/gates/approval-rules.ts';
import { describeUrl } from '../../domain/gates/http.ts';
import { describeDemands } from '../../domain/gates/pull-request.ts';
import { describeWindow } from '../../domain/gates/window.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { shortValue } from '../../domain/release.ts';
import { formatTrailers, type PromotionTrailers, UNKNOWN_AUTHOR } from '../../domain/trailers.ts';
import { capBody, code, plain, safeUrl, table } from '../markdown.ts';
import type { Candidate } from '../snapshot.ts';
import { introduceRollback, rollbackFooter, rollbackTitle } from './describe-rollback.ts';
import { isUpToDate } from './is-up-to-date.ts';

const MOST_ROWS = 100;
export const WHERE_GATES_STAND = 'The check `sluice/gates` shows where they stand.';

/** What a promotion pull request says: title, body and commit message. */
export interface Description {
  title: string;
  body: string;
  commitMessage: string;
}

/** `Promote checkout v1.4.2 to staging` */
function promotionTitle({ application, release, to }: Promotion): string {
  return `Promote ${application} ${release.label} to ${to}`.replace(/[\r\n]+/g, ' ').slice(0, 200);
}

export function describePromotion(candidate: Candidate, promotion: Promotion): Description {
  const { rollsBack } = promotion;
  const title = rollsBack ? rollbackTitle(promotion) : promotionTitle(promotion);
  const body = [
    rollsBack
      ? introduceRollback(candidate.environment, promotion, rollsBack)
      : introduction(candidate, promotion),
    describeChanges([promotion]),
    '### Gates',
    describeGateSpecs(candidate.environment.gates),
    ...(candidate.environment.gates.length > 0 ? [WHERE_GATES_STAND] : []),
    rollsBack ? rollbackFooter(promotion) : footer(promotion, candidate.namedBy !== undefined),
  ].join('\n\n');
  return {
    title,
    // Behind the cut: without its mark, a long body would be written anew at every look.
    body: `${capBody(body)}\n\n${bodyMark(promotion.release.fingerprint)}`,
    commitMessage: `${title}\n\n${formatTrailers(trailersOf(candidate, promotion))}\n`,
  };
}

/** What is promoted, from where to where, and how it came there. */
export function introduction(candidate: Candidate, promotion: Promotion): string {
  const { builds, origin, requestedBy, namedBy, isCarriedOn, open } = candidate;
  const { application, release, from, to } = promotion;
  const where = from.length > 0 ? `from ${from.map((name) => `**${plain(name)}**`).join(' and ')} ` : '';
  const lines = [
    `Promotes **${plain(application)}** ${code(release.label)} ${where}to **${plain(to)}**.`,
    '',
  ];
  for (const build of builds) {
    const cause = build.url ? `[${plain(build.cause)}](${safeUrl(build.url)})` : plain(build.cause);
    const commit = build.commit ? ` at \`${build.repository}@${build.commit.slice(0, 7)}\`` : '';
    lines.push(`- Built by ${cause}${commit}${build.author ? `, caused by ${code(build.author)}` : ''}`);
  }
  if (isCarriedOn && open)
    lines.push(`- Carries on ${code(open.trailers?.release ?? '')}, which this pull request held before`);
  if (origin) {
    const by = origin.authorLogin ? ` by ${code(origin.authorLogin)}` : '';
    lines.push(
      `- Came to ${from.join(' and ')} with [\`${origin.sha.slice(0, 7)}\`](${safeUrl(origin.url)})${by}: ${linkPull(origin.title)}`,
    );
  }
  if (namedBy !== undefined)
    lines.push(
      `- ${code(namedBy)} named this release: it stays until this merges or is closed, and what is newer comes after it`,
    );
  else if (requestedBy) lines.push(`- Asked for by ${code(requestedBy)}`);
  return lines.join('\n').trimEnd();
}

/** The title of a commit, with the pull request that GitHub names in it left as a reference: the previous promotion. */
function linkPull(title: string): string {
  const number = /\(#(\d{1,10})\)$/.exec(title)?.[1] ?? /^Merge pull request #(\d{1,10}) /.exec(title)?.[1];
  const text = plain(title.replace(/\s*\(#\d{1,10}\)$/, ''));
  return number ? `${text} (#${number})` : text;
}

/** What changes, value by value. */
export function describeChanges(promotions: readonly Promotion[]): string {
  const changes = promotions.flatMap((each) =>
    each.changes.map((change) => ({ application: each.application, change })),
  );
  const rows = changes
    .slice(0, MOST_ROWS)
    .map(({ application, change }) => [
      plain(application),
      cellOf(subject(change)),
      change.from === null ? '_none_' : code(changeText(change.kind, change.from)),
      change.to === null ? '_deleted_' : code(changeText(change.kind, change.to)),
    ]);
  const more = changes.length - rows.length;
  const text = table(['application', 'value', 'from', 'to'], rows);
  return more > 0 ? `${text}\n\n_${more} more values change._` : text;
}

function cellOf(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/</g, '&lt;').replace(/@/g, '@\u200b');
}

/** A file's content by its blob, a value as it stands. */
function changeText(kind: string, value: string): string {
  return kind === 'file' ? shortValue(value.split(' ')[1] ?? value) : value;
}

/** Invisible, and stable for one release: tells whether the text still speaks of what the branch carries. */
export function bodyMark(fingerprint: string): string {
  return `<!-- sluice:fingerprint ${fingerprint} -->`;
}

/** What the gates ask, in words. */
export function describeGateSpecs(gates: readonly GateSpec[]): string {
  if (gates.length === 0) return 'This environment has no gates.';
  return gates.map((gate) => `- ${describeGateSpec(gate)}`).join('\n');
}

function describeGateSpec(gate: GateSpec): string {
  switch (gate.kind) {
    case 'checks': {
      const names = gate.checks.map(({ name, app }) => (app ? `${code(name)} by ${plain(app)}` : code(name)));
      const where = gate.on === 'source' ? 'the commit that brought the release here' : 'this pull request';
      const accepted = gate.accept.length > 0 ? ` (${gate.accept.join(' and ')} count)` : '';
      return `**checks**: ${names.join(', ')} must succeed${accepted} on ${where}`;
    }
    case 'approvals':
      return `**approvals**: ${describeRule(gate.rule)}`;
    case 'manual':
      return '**manual**: somebody who may comments `/promote`';
    case 'window':
      return `**window**: ${describeWindow(gate)}`;
    case 'soak':
      return `**soak**: ${describeDuration(gate.durationMs)} ${gate.since === 'healthy' ? 'healthy ' : ''}in the environment before`;
    case 'after':
      return `**after**: ${gate.dependencies.map(describeDependency).join(', ')}`;
    case 'http':
      return `**http**: ${code(describeUrl(gate.url))} answers as asked`;
    case 'health':
      return `**health**: the environment before reports the release healthy, by the ${gate.source.kind} ${code(gate.source.name)}${gate.durationMs > 0 ? ` for ${describeDuration(gate.durationMs)}` : ''}`;
    case 'policy':
      return `**policy**: ${describePolicy(gate)}`;
    case 'pull-request':
      return `**pull-request**: each pull request that led to the release ${describeDemands(gate)}`;
  }
}

function describeDependency({ application, version }: Dependency): string {
  return version === null ? code(application) : `${code(application)} ${code(version)}`;
}

function describePolicy({ pass, deny }: Extract<GateSpec, { kind: 'policy' }>): string {
  const shown = (rules: readonly PolicyRule[]) =>
    rules.map(({ name, expression }) => code(name ?? expression)).join(', ');
  const held = pass.length > 0 ? [`${shown(pass)} must be true`] : [];
  return [...held, ...(deny.length > 0 ? [`${shown(deny)} must not be true`] : [])].join('; ');
}

function footer({ application, to }: Promotion, isNamed: boolean): string {
  const newer = isNamed ? '' : ': a newer release replaces this one here';
  return [
    '---',
    `Sluice keeps this pull request up to date${newer}. Closing it keeps ${plain(application)} out of ${plain(to)} until there is a newer release.`,
  ].join('\n');
}

/** What the commit of a promotion is to say of it. */
export function trailersOf(candidate: Candidate, promotion: Promotion): PromotionTrailers {
  const { builds, origin, open } = candidate;
  const build = builds.find(({ commit }) => commit !== null);
  const carried = candidate.isCarriedOn ? (open?.trailers ?? null) : null;
  const authors = [...(carried?.authors ?? []), ...builds.map(({ author }) => author ?? UNKNOWN_AUTHOR)];
  // Made anew for the same release, it is still what that person asked for.
  const isSame = open !== null && isUpToDate({ ...open, isAttested: true, mergeable: true }, promotion);
  const before = isSame ? open.trailers : null;
  return {
    application: promotion.application,
    from: [...promotion.from],
    to: promotion.to,
    release: promotion.release.label,
    fingerprint: promotion.release.fingerprint,
    origin: origin?.sha ?? null,
    source: build ? `${build.repository}@${build.commit}` : (carried?.source ?? null),
    authors: [...new Set(authors)],
    requestedBy: [
      ...new Set([...(before?.requestedBy ?? []), ...(candidate.requestedBy ? [candidate.requestedBy] : [])]),
    ],
    ...(candidate.namedBy !== undefined && { namedBy: candidate.namedBy }),
    changes: promotion.changes,
    ...(promotion.rollsBack && { rollsBack: promotion.rollsBack }),
  };
}
