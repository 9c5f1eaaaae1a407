import { parseFieldPath } from '../../src/manifests/field-path.ts';

describe('parseFieldPath', () => {
  test.each([
    ['image_tag', ['image_tag']],
    ['spec.chart.spec.version', ['spec', 'chart', 'spec', 'version']],
    ['images[0].newTag', ['images', 0, 'newTag']],
    ['[1][2]', [1, 2]],
    ['items.0', ['items', '0']],
    ['spec.containers[name=app].image', ['spec', 'containers', { key: 'name', value: 'app' }, 'image']],
    ['env[name="a]b=c"].value', ['env', { key: 'name', value: 'a]b=c' }, 'value']],
    ['metadata.annotations["acme.io/tag"]', ['metadata', 'annotations', 'acme.io/tag']],
    ["a['b.c'].d", ['a', 'b.c', 'd']],
    ['__proto__.x', ['__proto__', 'x']],
  ])('%s', (text, steps) => expect(parseFieldPath(text)).toEqual(steps));

  test.each([
    ['', 1],
    ['.a', 1],
    ['a..b', 3],
    ['a.', 3],
    ['a[', 2],
    ['a[-1]', 2],
    ['a[name=]', 2],
    ['a["b]', 2],
    ['a[0]b', 5],
    ['a]b', 2],
  ])('%j is refused with its column', (text, column) =>
    expect(() => parseFieldPath(text)).toThrow(`column ${column}:`),
  );
});
