// An app with `copies` stands for that many apps of numbered names, so that a scenario of fifty apps is not a file of fifty apps.

interface Copied {
  readonly copies?: number | undefined;
}

interface WithApps {
  readonly world: { readonly apps: readonly (Copied & { readonly name: string })[] };
  readonly expect: { readonly remediations: readonly (Copied & { readonly app: string })[] };
}

/** The scenario with each copy by itself: `ca-shop` with three copies is `ca-shop-1`, `ca-shop-2` and `ca-shop-3`. */
export function withCopies<T extends WithApps>(scenario: T): T {
  const { world, expect } = scenario;
  return {
    ...scenario,
    world: { ...world, apps: world.apps.flatMap((one) => copiesOf(one, one.name).map((name) => ({ ...one, name }))) },
    expect: {
      ...expect,
      remediations: expect.remediations.flatMap((one) => copiesOf(one, one.app).map((app) => ({ ...one, app }))),
    },
  };
}

function copiesOf({ copies }: Copied, name: string): string[] {
  return copies === undefined ? [name] : Array.from({ length: copies }, (_, at) => `${name}-${at + 1}`);
}
