declare module 'doiuse' {
  import type { AcceptedPlugin, ChildNode } from 'postcss';

  /** Tells each use of a feature that not all of these browsers have. */
  export default function doiuse(options: {
    browsers: string[];
    onFeatureUsage: (found: { feature: string; usage: ChildNode; message: string }) => void;
  }): AcceptedPlugin;
}
