import { parseRemoteBase } from '../../remote-base.ts';
import { type ValueWriter, wholeScalar } from '../kind.ts';

/** Tags and digests are strings for kustomize, whatever they look like. */
export const imageWriter = wholeScalar({ mayStayTyped: false });

export const chartWriter = wholeScalar({ mayStayTyped: false });

/** The ref in the URL of a remote base. */
export const refWriter: ValueWriter = {
  mayStayTyped: false,
  current: (url) => parseRemoteBase(url)?.ref ?? null,
  replace(url, _place, ref) {
    const base = parseRemoteBase(url);
    if (!base) return null;
    const changed = url.slice(0, base.refStart) + ref + url.slice(base.refEnd);
    const read = parseRemoteBase(changed);
    return read?.ref === ref && read.name === base.name ? changed : null;
  },
};
