import { DEFAULT_PROMOTE_RULES } from '../../../src/domain/promote-rule.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import { targetKey } from '../../../src/domain/target.ts';
import type { ValueChange } from '../../../src/domain/value.ts';
import { readValues } from '../../../src/manifests/read-values.ts';
import { editGroup } from '../../../src/promotion/plan/edit-group.ts';
import type { Target } from '../../../src/promotion/snapshot.ts';
import { baseOf, settings, sha } from '../support.ts';

const PATH = 'envs/prod/kustomization.yaml';
const TEXT = `# both stand here
images:
  - name: ghcr.io/acme/checkout
    newTag: v1
  - name: ghcr.io/acme/payments
    newTag: "5" # quoted
`;
const BASE = baseOf([{ path: PATH, mode: '100644', type: 'blob', sha: sha(PATH), sizeBytes: 9 }]);

/** An application whose folder is the same as the other's. */
function target(application: string): Target {
  const location = { application, environment: 'prod', root: 'envs/prod', isFile: false };
  const held = readValues(DEFAULT_PROMOTE_RULES, location, [{ path: PATH, text: TEXT }], []);
  return { location, held, texts: new Map([[PATH, TEXT]]) };
}

function promotion(application: string, changes: ValueChange[]): Promotion {
  const release = { label: 'new', fingerprint: sha(application).slice(0, 16), values: [] };
  return { application, from: ['dev'], to: 'prod', release, changes };
}

const image = (application: string, from: string, to: string): ValueChange => ({
  kind: 'image',
  name: `ghcr.io/acme/${application}`,
  part: 'newTag',
  from,
  to,
});
const file = (name: string, to: string | null): ValueChange => ({
  kind: 'file',
  name,
  part: 'content',
  from: null,
  to,
});

function edit(...promotions: Promotion[]) {
  const targets = promotions.map(({ application }) => target(application));
  const byKey = new Map(targets.map((each) => [targetKey(each.location), each]));
  return editGroup(BASE, settings(), byKey, promotions);
}

test('two members whose values stand in one file both get them, and the rest of it stays', () => {
  const { files, refused } = edit(
    promotion('checkout', [image('checkout', 'v1', 'v1.10.0')]),
    promotion('payments', [image('payments', '5', '6')]),
  );
  expect(refused.size).toBe(0);
  const content = TEXT.replace('v1', 'v1.10.0').replace('"5"', '"6"');
  expect(files).toEqual([{ path: PATH, content, mode: '100644' }]);
});

test('a member that cannot be changed leaves no trace, and the others are changed', () => {
  const { files, refused } = edit(
    promotion('checkout', [image('checkout', 'v1', 'v2'), image('cart', 'v1', 'v2')]),
    promotion('payments', [image('payments', '5', '6')]),
  );
  expect([...refused]).toEqual([['checkout', [expect.stringContaining('is not held by the target')]]]);
  expect(files).toEqual([{ path: PATH, content: TEXT.replace('"5"', '"6"'), mode: '100644' }]);
});

test('two members that want one file to be other things are not both made; the same thing is', () => {
  const one = file('notes.txt', `100644 ${sha('one')}`);
  const other = edit(promotion('checkout', [one]), promotion('payments', [file('notes.txt', null)]));
  expect([...other.refused.keys()]).toEqual(['payments']);
  expect(other.files).toEqual([{ path: 'envs/prod/notes.txt', mode: '100644', sha: sha('one') }]);
  expect(edit(promotion('checkout', [one]), promotion('payments', [one])).refused.size).toBe(0);
});
