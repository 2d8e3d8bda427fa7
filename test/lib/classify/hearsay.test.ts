// Words that a text quotes, supposes or explains are no failure, and a failure beside them is not lost.
import { describe, expect, it } from 'vitest';
import { classify, classifyBy, tables } from '../../../src/lib/classify/classify.ts';
import { hearsay } from '../../../src/lib/classify/hearsay.ts';

const failed = 'Failed to pull image "ghcr.io/acme/api:1": ';

describe('words about a pull that nobody claims', () => {
  it.each([
    'If your job shows ImagePullBackOff, look at the registry first',
    'When you get "pull access denied", sign in again.',
    'Anonymous pulls will be rejected with toomanyrequests next month',
    'Tip: "pull access denied" means that the name may be wrong, or that you have not signed in.',
    'ImagePullBackOff indicates that the registry refused',
    'ErrImagePull errors often happen behind a proxy',
    'kubectl get pods | grep -E "ErrImagePull|ImagePullBackOff"',
    'sum(kube_pod_container_status_waiting_reason{reason=~"ErrImagePull|ImagePullBackOff"})',
    'ContainerAppSystemLogs | where Reason == "ImagePullUnauthorized"',
    '[RESOLVED] ErrImagePull of orders',
    'pod web-1 is no longer in ImagePullBackOff',
    'web-1: ImagePullBackOff -> Running',
  ])('are no failed pull: %s', (text) => {
    expect(classify(text).label).toBe('not-a-pull-failure');
    expect(classifyBy({ ...tables, hearsay: [] }, text).label).not.toBe('not-a-pull-failure');
  });

  it.each([
    ['unauthorized', `${failed}401 Unauthorized. If you have just been given the role, wait a few minutes.`],
    ['unauthorized', `Sign in if needed\n${failed}401 Unauthorized`],
    ['unauthorized', `${failed}401 Unauthorized\nTip: sign in again`],
    ['dns', `${failed}no such host. This usually means that the name is wrong, or that it may cause a 401`],
    ['unknown-pull-failure', 'state changed from Running to ImagePullBackOff'],
    ['unknown-pull-failure', 'state changed from ErrImagePull to ImagePullBackOff'],
    ['unknown-pull-failure', 'kube_pod_container_status_waiting_reason{pod="web-1",reason="ErrImagePull"} 1'],
    ['unknown-pull-failure', 'level=warn reason="ImagePullBackOff" pod="web-1"'],
    ['rate-limited', `"GET /health HTTP/1.1" 200 2 "-" "curl"\n${failed}toomanyrequests`],
  ])('take no failure away that stands beside them: %s: %s', (label, text) => {
    expect(classify(text).label).toBe(label);
  });

  it('never make the claim one that a role could repair', () => {
    const text = `${failed}401 Unauthorized; if client with IP '20.1.2.3' is not allowed access, let it in`;

    expect(classify(text).label).toBe('firewall');
    expect(classifyBy({ ...tables, hearsay: [] }, text)).toEqual(classify(text));
  });

  it.each([
    ['rate-limited', `count({reason="ErrImagePull"}) > 2\n${failed}toomanyre\nquests`],
    ['not-a-pull-failure', 'If ErrImagePull sta\nys, wait'],
  ])('are told from the rest where a terminal broke the lines in mid-word: %s: %s', (label, text) => {
    expect(classify(text).label).toBe(label);
  });

  it('never make a broken claim one that a role could repair', () => {
    const text = `${failed}40\n1 Unautho\nrized; if client wi\nth IP '20.1.2.3' is not allowed access, let it in`;

    expect(classify(text).label).toBe('firewall');
  });

  it('say what they mean', () => {
    expect(hearsay.filter(({ means }) => means === '')).toEqual([]);
  });
});

describe('a pull that succeeded in the end', () => {
  it.each([
    'Successfully pulled image "ghcr.io/acme/api:1" after 2 retries: 401 Unauthorized, 503 Service Unavailable',
    'pulled ghcr.io/acme/api:1 on attempt 2 (attempt 1: read tcp 10.0.0.4:5->10.0.0.5:443: connection reset by peer)',
    'Pull of ghcr.io/acme/api:1 completed after the registry had answered 503 Service Unavailable',
    'image ghcr.io/acme/api:1 was pulled; previous error: 401 Unauthorized',
  ])('is no failed pull: %s', (text) => {
    expect(classify(text).label).toBe('not-a-pull-failure');
  });

  it.each([
    ['rate-limited', 'Image ghcr.io/acme/api:1 was not pulled after 3 attempts (last error: toomanyrequests)'],
    ['rate-limited', 'ghcr.io/acme/api:1 could not be pulled after 3 attempts (last error: toomanyrequests)'],
    ['rate-limited', 'No image was pulled on the second try (previous error: toomanyrequests)'],
    ['rate-limited', 'Pulled 2 of 3 images (failed: ghcr.io/acme/api:1 toomanyrequests)'],
    ['unauthorized', `Successfully pulled image "ghcr.io/acme/web:1" after 2 attempts\n${failed}401 Unauthorized`],
    ['unauthorized', `Successfully pulled image "ghcr.io/acme/web:1" (2 attempts failed). ${failed}401 Unauthorized`],
  ])('is told from one that failed: %s: %s', (label, text) => {
    expect(classify(text).label).toBe(label);
  });
});
