import { globMatcher, pathBelowRoot } from '../../below-root.ts';
import type { ManifestKind } from '../kind.ts';
import { readField } from './read.ts';

/** Any YAML or JSON: scalars by their path. */
export const plain: ManifestKind = {
  rules: ['field'],
  pathFilter(target, rule) {
    if (rule.kind !== 'field') return () => false;
    if (rule.file === null) return (path) => target.isFile && path === target.root;
    const matches = globMatcher([rule.file]);
    return (path) => !target.isFile && matches(pathBelowRoot(target, path) ?? '');
  },
  isText: () => true,
  read(reading, root, rule) {
    if (rule.kind === 'field') readField(reading, root, rule);
  },
};
