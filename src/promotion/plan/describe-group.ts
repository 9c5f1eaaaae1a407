import { formatGroupTrailers, type GroupTrailers } from '../../domain/group-trailers.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { capBody, cell, code, plain } from '../markdown.ts';
import type { Pull } from '../ports/pulls.ts';
import type { Candidate, OpenGroup } from '../snapshot.ts';
import {
  bodyMark,
  type Description,
  describeChanges,
  describeGateSpecs,
  introduction,
  trailersOf,
  WHERE_GATES_STAND,
} from './describe-promotion.ts';
import { type Note, updateMark } from './describe-update.ts';

const LONGEST_TITLE = 200;
const MOST_MEMBERS = 30;

/** A member of a group, with the release that it is due. */
export interface Member {
  candidate: Candidate;
  promotion: Promotion;
}

/** An application that leaves its group, and why. */
export interface Leaver {
  application: string;
  reason: string;
}

/** What the pull request of a group says: title, body and commit message. */
export function describeGroup(
  trailers: Omit<GroupTrailers, 'members'>,
  members: readonly Member[],
): Description {
  const title = groupTitle(trailers.to, members);
  const body = [
    `Promotes ${count(members.length)} of the group **${plain(trailers.group)}** to **${plain(trailers.to)}**, all at once.`,
    ...members.slice(0, MOST_MEMBERS).map(({ candidate, promotion }) => introduction(candidate, promotion)),
    ...(members.length > MOST_MEMBERS ? [`_And ${members.length - MOST_MEMBERS} more; see the table._`] : []),
    describeChanges(members.map(({ promotion }) => promotion)),
    '### Gates',
    ...describeGates(members),
    '---',
    'Sluice keeps this pull request up to date: newer releases replace those here, and an application whose gate fails leaves, so that the others can go on. Closing it keeps these releases out until there are newer ones.',
  ].join('\n\n');
  const own = {
    ...trailers,
    members: members.map(({ candidate, promotion }) => trailersOf(candidate, promotion)),
  };
  return {
    title,
    body: `${capBody(body)}\n\n${bodyMark(trailers.fingerprint)}`,
    commitMessage: `${title}\n\n${formatGroupTrailers(own)}\n`,
  };
}

/** `Promote 2 applications to prod: checkout v1.4.2, payments v2.0.1` */
function groupTitle(to: string, members: readonly Member[]): string {
  const names = members.map(({ promotion }) => `${promotion.application} ${promotion.release.label}`);
  const title =
    names.length === 1
      ? `Promote ${names[0]} to ${to}`
      : `Promote ${count(names.length)} to ${to}: ${names.join(', ')}`;
  const line = title.replace(/[\r\n]+/g, ' ');
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE - 1)}…`;
}

function count(members: number): string {
  return members === 1 ? '1 application' : `${members} applications`;
}

/** Applications with the same gates are told together. */
function describeGates(members: readonly Member[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { candidate } of members) {
    const text = describeGateSpecs(candidate.environment.gates);
    byText.set(text, [...(byText.get(text) ?? []), candidate.application]);
  }
  const told = [...byText].map(([text, applications]) =>
    byText.size === 1 ? text : `${applications.map(plain).join(', ')}:\n\n${text}`,
  );
  return [...told, WHERE_GATES_STAND];
}

/** What is said on a group's pull request whose members or releases change; null when nobody loses anything by it. */
export function describeGroupUpdate(
  open: OpenGroup,
  members: readonly Member[],
  leavers: readonly Leaver[],
  fingerprint: string,
  hasApproval: boolean,
): Note | null {
  const before = new Map(open.trailers!.members.map((each) => [each.application, each]));
  const lines = members.flatMap(({ promotion: { application, release } }): string[] => {
    const old = before.get(application);
    before.delete(application);
    if (old?.fingerprint === release.fingerprint) return [];
    const what = old ? `replaces ${code(old.release)}` : 'joins';
    return [`- **${plain(application)}** ${code(release.label)} ${what}`];
  });
  for (const { application, release } of before.values()) {
    const why = leavers.find((each) => each.application === application)?.reason;
    lines.push(`- **${plain(application)}** ${code(release)} leaves${why ? `: ${cell(why)}` : ''}`);
  }
  const mark = updateMark(open.pull.headSha, fingerprint);
  // Whoever moved the branch to these releases died before it was told.
  if (lines.length === 0 && !open.pull.body.includes(bodyMark(fingerprint)))
    return { mark, text: textOfMoved(open.pull) };
  if (lines.length === 0 && !hasApproval && open.mergeable !== false) return null;
  const what =
    lines.length > 0 ? lines.join('\n') : 'Made anew on the default branch, with the same releases.';
  return { mark, text: `${capBody(what)}\n\nApprovals of the old head do not count any more.` };
}

/** The same, when the branch has moved already and the pull request still speaks of what it carried before. */
export function describeMovedGroup({ pull, head }: OpenGroup, fingerprint: string): Note | null {
  if (head.parents.length < 2) return null;
  return { mark: updateMark(head.parents[0]!, fingerprint), text: textOfMoved(pull) };
}

function textOfMoved({ title }: Pull): string {
  return `This carries other releases now; before, it was: ${code(title)}. Approvals of the old head do not count any more.`;
}
