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

describe('a build that is told before every repository was looked at', () => {
  const build = { repository: 'acme/Checkout', type: 'built', payload: {}, order: 1, sender: 'dan' };

  test('is kept for the one that turns out to take it, once', () => {
    const index = makeSourceIndex();
    expect(index.hold([build])).toBe(true);
    index.expect(['acme/fleet', 'acme/lab']);
    expect(index.update('acme/lab', taking('acme/cart'))).toEqual([]);
    expect(index.update('acme/fleet', taking('acme/checkout'))).toEqual([build]);
    expect(index.update('acme/fleet', taking('acme/checkout'))).toEqual([]);
  });

  test('is kept for nobody once all were looked at', () => {
    const index = makeSourceIndex();
    index.expect(['acme/fleet']);
    expect(index.hold([build])).toBe(true);
    index.update('acme/fleet', null);
    expect(index.hold([build])).toBe(false);
    index.expect(['acme/fleet', 'acme/new']);
    expect(index.update('acme/new', taking('acme/checkout'))).toEqual([]);
    expect(index.hold([build])).toBe(false);
  });
});

test('builds that were kept come first, each once, and none that a newer one has overtaken', () => {
  const index = makeSourceIndex();
  const build = (order: number, type = 'built') => ({
    repository: 'acme/checkout',
    type,
    payload: {},
    order,
    sender: null,
  });
  index.keep('acme/fleet', [build(1)]);
  index.keep('acme/fleet', [build(1), build(2, 'other')]);
  expect(index.take('acme/lab', [])).toEqual([]);
  expect(index.take('acme/fleet', [build(3)])).toEqual([build(1), build(2, 'other'), build(3)]);
  index.taken('acme/fleet', [build(3)]);
  expect(index.take('acme/fleet', [build(1), build(2, 'other'), build(3)])).toEqual([
    build(2, 'other'),
    build(3),
  ]);
});

test('follows the config', () => {
  const index = makeSourceIndex();
  index.update('acme/fleet', taking('acme/checkout'));
  index.update('acme/fleet', taking('acme/cart'));
  expect(index.find('acme/checkout')).toEqual([]);
  index.update('acme/fleet', null);
  expect(index.find('acme/cart')).toEqual([]);
});
