// Counts the grants of a run by what Azure was asked and did.

/**
 * What Azure was asked and did, against the history and the scenario. The assignments of the end do not tell: a person may have removed one.
 * Azure answers 201 to a request that made an assignment, and 200 where it was there.
 */
export function grantViolations(
  writes: readonly { readonly method: string; readonly path: string; readonly status: number }[],
  remediations: readonly { readonly actions: readonly { readonly action: string; readonly outcome: string }[] }[],
  expected: readonly { readonly actions: readonly unknown[] }[],
): string[] {
  const made = writes.filter(
    ({ method, path, status }) => method === 'PUT' && /\/roleassignments\//i.test(path) && status === 201,
  ).length;
  const recorded = remediations
    .flatMap(({ actions }) => actions)
    .filter(({ action, outcome }) => action === 'grant' && outcome === 'done').length;
  const wanted = expected
    .flatMap(({ actions }) => actions)
    .filter((action) => JSON.stringify(action) === '"grant"' || JSON.stringify(action) === '{"grant":"done"}').length;
  return [
    ...(made === wanted ? [] : [`grants in Azure: expected ${wanted}, seen ${made}`]),
    ...(recorded === made ? [] : [`grants in the history: expected ${made}, seen ${recorded}`]),
  ];
}
