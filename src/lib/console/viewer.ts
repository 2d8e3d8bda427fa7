// The person who looks at a page: whether buttons would work for them, and if not, why.

/** Someone whom the platform has signed in with a role that may read. `name` is chosen by people, so it is only shown. */
export type Viewer =
  | { readonly mayAnswer: true; readonly name: string; readonly id: string }
  | { readonly mayAnswer: false; readonly name: string; readonly because: 'no-role' | 'no-id' };

/** Why there are no buttons, and what would change that. */
export function sayWhyNot({ name, because }: Extract<Viewer, { mayAnswer: false }>): string {
  switch (because) {
    case 'no-role':
      return `You are signed in as ${name}, without the app role Operator, so you can read and not answer. A person who manages the enterprise application in Entra can give you the role (docs/operations.md); then sign out at /.auth/logout and sign in again.`;
    case 'no-id':
      return `You are signed in as ${name}, and the sign-in names no object id, so the history could not say who answered.`;
  }
}
