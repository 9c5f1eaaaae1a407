import { placeholdersOf, type TextCheck } from './check-text.ts';
import { quote } from './suggest.ts';

const KNOWN = ['app', 'from'];

/** The name of what reports health: `argocd/{from}/{app}`. */
export const checkHealthName: TextCheck = (text) => {
  const strange = placeholdersOf(text).find((name) => !KNOWN.includes(name));
  if (strange !== undefined)
    return `{${strange.slice(0, 60)}} is no placeholder here. Placeholders: {app}, {from}`;
  return /[{}]/.test(text.replaceAll('{app}', '').replaceAll('{from}', ''))
    ? 'there is a { or } without its partner'
    : null;
};

/** GitHub finds deployments by the exact name of their environment. */
export const checkDeploymentName: TextCheck = (text) =>
  text.includes('*') ? '`*` has no meaning in the environment of a deployment' : checkHealthName(text);

/** A login, `SLUG[bot]` for an App. */
export const checkWriter: TextCheck = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\[bot\])?$/.test(text)
    ? null
    : `${quote(text)} is no login; write NAME, or SLUG[bot] for a GitHub App`;
