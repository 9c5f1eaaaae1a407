import type { BuildSource, Settings } from '../../src/domain/settings.ts';
import { makeSourceIndex } from '../../src/promotion/source-index.ts';
import { settings } from './support.ts';

function taking(...repositories: string[]): Settings {
  const sources = repositories.map((repository): BuildSource => {
    const event = { kind: 'release', prereleases: false } as const;
    return { application: 'checkout', repository, event, tag: '{release}', digest: null, images: [] };
  });
  return settings({ sources });
}

test('finds who takes builds of a repository, however its name is written', () => {
  const index = makeSourceIndex();
  index.update('acme/fleet', taking('Acme/Checkout', 'acme/cart'));
  index.update('acme/lab', taking('acme/checkout'));
  expect(index.find('ACME/checkout')).toEqual(['acme/fleet', 'acme/lab']);
  expect(index.find('acme/cart')).toEqual(['acme/fleet']);
  expect(index.find('acme/fleet')).toEqual([]);
});

test('follows the config', () => {
  const index = makeSourceIndex();
  index.update('acme/fleet', taking('acme/checkout'));
  index.update('acme/fleet', taking('acme/cart'));
  expect(index.find('acme/checkout')).toEqual([]);
  index.update('acme/fleet', null);
  expect(index.find('acme/cart')).toEqual([]);
});
