// How a remediation ends.

export type CloseHow = 'recovered' | 'withdrawn' | 'unproven';

export type CloseReason =
  | 'pulled-and-ready'
  | 'not-a-pull-failure'
  | 'push-refused'
  | 'build-refused'
  | 'app-gone'
  | 'deactivated'
  | 'superseded'
  | 'not-tried-again'
  | 'nothing-failing'
  | 'waits-for-another'
  | 'no-replica-asked-to-start'
  | 'ready-without-a-row';
