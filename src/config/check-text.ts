import { parseConstraint } from '../domain/constraint.ts';
import { quote } from './suggest.ts';

/** Each returns what is wrong with the text, or null. They see hostile text: no regular expression here backtracks. */
export type TextCheck = (text: string) => string | null;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** A path template of targets: `apps/{app}/overlays/{env}`. */
export const checkTemplate: TextCheck = (text) => {
  const reason = checkPath(text);
  if (reason) return reason;
  if (text.includes('*')) return '`*` has no meaning in a path; write a variable such as {region}';
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) return 'the path has a { or } without its partner';
  const strange = names.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  if (strange !== undefined) {
    return `{${strange.slice(0, 60)}} is no name for a variable; write a word in small letters such as {region}`;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) return `{${twice}} is there twice; each variable stands in a path once`;
  if (text.includes('}{'))
    return 'two variables need some text between them, or nobody can tell where one ends';
  return names.includes('app')
    ? null
    : 'the path must contain {app}, which stands for the name of the application';
};

/** A template that several environments share must tell them apart. */
export const checkSharedTemplate: TextCheck = (text) =>
  checkTemplate(text) ??
  (text.includes('{env}')
    ? null
    : 'the path must contain {env}; a path of one environment belongs below it, as its own `path`');

function checkPath(text: string): string | null {
  if (text.startsWith('/')) return 'a path starts at the top of the repository, without a leading /';
  if (text.includes('\\')) return 'a path is written with /, not with \\';
  const segments = text.replace(/\/$/, '').split('/');
  if (segments.includes('..')) return 'a path must stay inside the repository; remove the ..';
  if (segments.includes('.')) return 'a path starts at the top of the repository; remove the ./';
  return segments.includes('') ? 'the path has an empty part; remove the extra /' : null;
}

const MOST_WILDCARDS = 3;

/** A glob. The limits on wildcards keep a hostile one from taking minutes to match. */
export const checkGlob: TextCheck = (text) => {
  if (text.startsWith('!')) return 'a glob cannot start with !; put it under `exclude`';
  if (/[()]/.test(text)) return 'a glob has no ( ); write {a,b} for a choice';
  const reason = checkPath(text);
  if (reason) return reason;
  const parts = text.split('/');
  const busy = parts
    .filter((part) => part !== '**')
    .some((part) => part.split('*').length - 1 > MOST_WILDCARDS);
  if (busy || parts.filter((part) => part === '**').length > MOST_WILDCARDS) {
    return `the glob has more than ${MOST_WILDCARDS} wildcards; write it more simply, or as several`;
  }
  return null;
};

/** A YAML path, lightly: what reads the manifests knows the rest. */
export const checkFieldPath: TextCheck = (text) => {
  if (text.startsWith('.') || text.endsWith('.') || text.includes('..')) {
    return 'a field is written with single dots between its keys, such as spec.chart.spec.version';
  }
  let isOpen = false;
  for (const character of text) {
    if (character !== '[' && character !== ']') continue;
    if (isOpen === (character === '[')) return 'the field has a [ or ] without its partner';
    isOpen = !isOpen;
  }
  return isOpen ? 'the field has a [ without a ]' : null;
};

/** A constraint on versions: `>=1.4 <2`, `!*-rc*`. */
export const checkConstraint: TextCheck = (text) => {
  const reading = parseConstraint(text);
  return reading.ok ? null : `${quote(text)} is no constraint on versions: ${reading.reason}`;
};

const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/;
const TEAM = /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/** `alice` or `acme/sre`. */
export const checkReviewer: TextCheck = (text) => {
  if (text.startsWith('@')) return `write ${quote(text.slice(1))}, without the @`;
  return LOGIN.test(text) || TEAM.test(text)
    ? null
    : `${quote(text)} is neither a user (alice) nor a team (acme/sre)`;
};

const APPROVING_ROLES = ['write', 'maintain', 'admin'];

/** One of the roles, `role:` and one of them, `codeowners`, `user:alice` or `team:acme/sre`. */
export function checkGrantee(roles: readonly string[]): TextCheck {
  return (text) => {
    const [kind = '', name = ''] = text.split(/:(.*)/s);
    if (text === 'codeowners' || roles.includes(text)) return null;
    if (kind === 'role' && roles.includes(name)) return null;
    if (kind === 'user' && LOGIN.test(name)) return null;
    if (kind === 'team' && TEAM.test(name)) return null;
    const hint = TEAM.test(text) ? `; did you mean "team:${text}"?` : '.';
    return `${quote(text)} names nobody who may do this${hint} Write one of ${roles.join(', ')}, codeowners, user:LOGIN or team:ORGANIZATION/TEAM`;
  };
}

/** `write`, `role:maintain`, `codeowners`, `user:alice` or `team:acme/sre`. */
export const checkApprover: TextCheck = (text) => {
  const [kind = '', name = ''] = text.split(/:(.*)/s);
  if (text === 'write' || text === 'codeowners') return null;
  if (kind === 'role')
    return APPROVING_ROLES.includes(name)
      ? null
      : `${quote(name)} is no role that may approve. Roles: ${APPROVING_ROLES.join(', ')}`;
  if (kind === 'user' && LOGIN.test(name)) return null;
  if (kind === 'team' && TEAM.test(name)) return null;
  const hint = TEAM.test(text)
    ? `; did you mean "team:${text}"?`
    : APPROVING_ROLES.includes(text)
      ? `; did you mean "role:${text}"?`
      : LOGIN.test(text)
        ? `; did you mean "user:${text}"?`
        : '';
  return `${quote(text)} names nobody${hint || '.'} Approvers: write, codeowners, user:LOGIN, team:ORGANIZATION/TEAM, role:ROLE`;
};

/** `owner/name` of a repository. */
export const checkRepository: TextCheck = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9._-]{1,100}$/.test(text) && !/\/\.\.?$/.test(text)
    ? null
    : `${quote(text)} is no repository; write OWNER/NAME, such as acme/checkout`;

/** The name of a branch, with what git refuses refused. */
export const checkBranch: TextCheck = (text) =>
  /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$/.test(text) ? `${quote(text)} is no name of a branch` : null;

const FIELD = /^payload(\.[A-Za-z_][A-Za-z0-9_-]*){1,5}$/;

/** Text that an event fills: at least one placeholder, or every build would say the same. */
export const checkBuildText: TextCheck = (text) => {
  const names = placeholdersOf(text);
  if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) return 'there is a { or } without its partner';
  const strange = names.find((name) => !['sha', 'short_sha', 'release'].includes(name) && !FIELD.test(name));
  const known = 'Placeholders: {sha}, {short_sha}, {release}, {payload.FIELD}';
  if (strange !== undefined) return `{${strange.slice(0, 60)}} is no placeholder. ${known}`;
  return names.length === 0
    ? `there is no placeholder, so that all builds would look the same. ${known}`
    : null;
};

/** Names of the placeholders of a text, without their braces. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

/** A name of checks, perhaps with wildcards: `e2e / *`. */
export const checkCheckName: TextCheck = (text) => {
  const parts = text.split('*');
  if (parts.every((part) => part.trim() === ''))
    return 'this would match every check, those that others add as well; name more of it';
  return parts.length - 1 > MOST_WILDCARDS
    ? `the name has more than ${MOST_WILDCARDS} wildcards; write it more simply`
    : null;
};
