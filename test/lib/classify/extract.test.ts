// What a message names is found where the software puts it, and masked before any rule reads.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { namedIn, withoutNames } from '../../../src/lib/classify/extract.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('the image', () => {
  it.each([
    [
      `Field 'template.containers.a.image' is invalid with details: 'Invalid value: "shop.azurecr.io/a:1": GET https::`,
      'shop.azurecr.io/a:1',
    ],
    ['Failed to pull image "shop.azurecr.io/a:1": rpc error', 'shop.azurecr.io/a:1'],
    ['failed to pull and unpack image "docker.io/acme/a:1": failed', 'docker.io/acme/a:1'],
    ['failed to resolve reference "docker.io/acme/a:1": failed', 'docker.io/acme/a:1'],
    ["Pulling image 'mcr.microsoft.com/a/b:latest'", 'mcr.microsoft.com/a/b:latest'],
    ['Pull image: r.corp.example/a:1 failed with exit code: 1', 'r.corp.example/a:1'],
    ['Persistent Image Pull Errors for image "acme/a:1".', 'acme/a:1'],
    ['Image shop.azurecr.io/a:1 not found in registry.', 'shop.azurecr.io/a:1'],
    ['Image pull for redis:7 failed due to registry rate limiting', 'redis:7'],
    ['Unauthorized to access image shop.azurecr.io/a:1. ErrorMessage=x', 'shop.azurecr.io/a:1'],
    ['manifest for acme/a:1 not found: manifest unknown', 'acme/a:1'],
    ['pull access denied for acme/a, repository does not exist', 'acme/a'],
    ['repository 1.dkr.ecr.eu-west-1.amazonaws.com/a not found: name unknown', '1.dkr.ecr.eu-west-1.amazonaws.com/a'],
    ['initializing source docker://quay.io/acme/a:1: reading', 'quay.io/acme/a:1'],
    ['reading manifest 1 in quay.io/acme/a: manifest unknown', 'quay.io/acme/a'],
    ["Unable to find image 'acme/a:1' locally", 'acme/a:1'],
    ['could not do it: ghcr.io/acme/a:1 is odd', 'ghcr.io/acme/a:1'],
    [`could not do it: ghcr.io/acme/a@${digest} is odd`, `ghcr.io/acme/a@${digest}`],
    ['Head "https://shop.azurecr.io/v2/team/a/manifests/v1": denied', 'shop.azurecr.io/team/a:v1'],
    ['Head "https://registry-1.docker.io/v2/library/redis/manifests/7": EOF', 'docker.io/library/redis:7'],
    [`Head "https://ghcr.io/v2/acme/a/manifests/${digest}": denied`, `ghcr.io/acme/a@${digest}`],
  ])('of %s', (text, image) => {
    expect(namedIn(text).image).toBe(image);
  });

  it('is not a line of a source file, which Go programs print with the path of its package', () => {
    expect(namedIn('k8s.io/client-go/tools/cache/reflector.go:229: unexpected EOF')).not.toHaveProperty('image');
    expect(namedIn('pulled ghcr.io/acme/tool.go:1.2').image).toBe('ghcr.io/acme/tool.go:1.2');
  });

  it('is not what only looks like one', () => {
    expect(namedIn('Failed to pull image "shop.azurecr.io/Upper:1"')).not.toHaveProperty('image');
    expect(namedIn('Head "https://ghcr.io/v2/Acme/manifests/1": denied')).not.toHaveProperty('image');
  });

  it.each([
    'Pulling image timed out',
    'failed to pull image: context deadline exceeded',
    'error pulling image configuration: EOF',
    'pulling image failed: rpc error',
    'image pull failed, image assigned).',
    'Unauthorized to access image.',
    'the image registry not found',
  ])('is not a word of the sentence: %s', (text) => {
    expect(namedIn(text)).toStrictEqual({});
  });

  it.each([
    'Revision orders--v1-0: image pull for v1-0 failed with unauthorized',
    'Error: image "v1-0" could not be pulled',
    'The image for "1.2.3" : ErrImagePull',
  ])('is not a version that the sentence speaks of: %s', (text) => {
    expect(namedIn(text)).toStrictEqual({});
  });

  it('is a version where a runtime says that it pulls this name', () => {
    expect(namedIn('Failed to pull image "v1-0": unauthorized').image).toBe('v1-0');
  });

  it('names its registry and its tag', () => {
    expect(namedIn('Failed to pull image "Shop.azurecr.io/team/a:v1"')).toStrictEqual({
      image: 'Shop.azurecr.io/team/a:v1',
      registry: 'shop.azurecr.io',
      tag: 'v1',
    });
  });

  it('has no tag where it has none', () => {
    expect(namedIn('Failed to pull image "acme/a"')).toStrictEqual({ image: 'acme/a', registry: 'docker.io' });
  });
});

describe('the registry', () => {
  it.each([
    ["Failed to construct registry secret for registry 'Shop.azurecr.io' for", 'shop.azurecr.io'],
    ['Get "https://r.corp.example:5000/v2/": EOF', 'r.corp.example:5000'],
    ['Get "https://registry-1.docker.io/v2/": EOF', 'docker.io'],
    ['Get "https://index.docker.io/v1/": EOF', 'docker.io'],
    ['GET https:?scope=repository%3Aa%3Apull&service=shop.azurecr.io: UNAUTHORIZED', 'shop.azurecr.io'],
    ['dial tcp: lookup shop.azurecr.cn: no such host', 'shop.azurecr.cn'],
    ['login to shopacr.azurecr.us failed', 'shopacr.azurecr.us'],
    ['acrshop-a1b2c3d4e5f6.azurecr.io returned 401', 'acrshop-a1b2c3d4e5f6.azurecr.io'],
    ['https://acrshop-a1b2c3d4e5f6.azurecr.io:443 is closed', 'acrshop-a1b2c3d4e5f6.azurecr.io'],
    ['acrshop.privatelink.azurecr.io:443: i/o timeout', 'acrshop.azurecr.io'],
    ['lookup acrshop.privatelink.azurecr.io: no such host', 'acrshop.azurecr.io'],
    ['lookup acrshop-a1b2c3d4e5f6.privatelink.azurecr.cn: no such host', 'acrshop-a1b2c3d4e5f6.azurecr.cn'],
    ['dial tcp acrshop.westeurope.geo.azurecr.io:443', 'acrshop.westeurope.geo.azurecr.io'],
    ['dial tcp acrshop.westeurope.data.azurecr.io:443', 'acrshop.westeurope.data.azurecr.io'],
    ['dial tcp acrshop.westeurope.data.privatelink.azurecr.io:443', 'acrshop.westeurope.data.azurecr.io'],
    ['auth.docker.io said no', 'docker.io'],
    ['registry.docker.io said no', 'docker.io'],
    ['eu.gcr.io said no', 'eu.gcr.io'],
  ])('of %s', (text, registry) => {
    expect(namedIn(text)).toStrictEqual({ registry });
  });

  it('comes from the image, unless the text says which one was asked', () => {
    expect(namedIn('like other.azurecr.io: Failed to pull image "ghcr.io/a/b:1"').registry).toBe('ghcr.io');
  });
});

describe('a message without names', () => {
  it('names nothing', () => {
    expect(namedIn('context deadline exceeded')).toStrictEqual({});
  });

  it('names no registry where it names a zone or a part of another word', () => {
    expect(namedIn('the zone privatelink.azurecr.io has no link')).toStrictEqual({});
    expect(namedIn('wrote to team_acrshop.azurecr.io')).toStrictEqual({});
    expect(namedIn('the domain azurecr.io')).toStrictEqual({});
  });
});

describe('what else a message names', () => {
  it.each([
    ['unexpected status: 401 Unauthorized', 401],
    ['unexpected status from HEAD request to https://a.example/x: 503 Service Unavailable', 503],
    ['response status code 404: Not Found', 404],
    ['endpoint returned error status: 403. body', 403],
    ['it was 429 Too Many', 429],
    ['it was 502 Bad Gateway', 502],
  ])('the status of %s', (text, httpStatus) => {
    expect(namedIn(text)).toStrictEqual({ httpStatus });
  });

  it.each([
    ['of the local daemon', '(HTTP code 404) no such image'],
    ['of the local daemon, in other words', 'API error (500): toomanyrequests'],
    ['of the daemon of App Service', 'Docker API responded with status code=404, response={"message":"denied"}'],
    [
      'of the control plane',
      'unexpected status 400 (400 Bad Request) with error: ContainerAppOperationError: UNAUTHORIZED',
    ],
    ['of the control plane, by an older client', 'Service returned an error. Status=400 Code="X" Message="denied"'],
  ])('no status %s', (_of, text) => {
    expect(namedIn(text)).not.toHaveProperty('httpStatus');
  });

  it('the status of the registry beside that of the daemon', () => {
    expect(namedIn('Docker API responded with status code=500, response: status: 401 Unauthorized').httpStatus).toBe(
      401,
    );
  });

  it('the refused address', () => {
    expect(namedIn("client with IP '20.1.2.3' is not allowed access")).toStrictEqual({ refusedIp: '20.1.2.3' });
    expect(namedIn('client with ip 2001:db8::1 is not')).toStrictEqual({ refusedIp: '2001:db8::1' });
  });

  it('the identity', () => {
    expect(namedIn("Ensure the managed identity 'system' has")).toStrictEqual({ identity: 'system' });
    expect(namedIn('using Managed identity /subscriptions/1/id for')).toStrictEqual({
      identity: '/subscriptions/1/id',
    });
  });
});

describe('an identity', () => {
  it.each([
    'no managed identity assigned).',
    'Managed Identity authentication failed',
    'ManagedIdentity token request failed',
    'the managed identity is not found',
  ])('is not a word of the sentence: %s', (text) => {
    expect(namedIn(text)).not.toHaveProperty('identity');
  });

  it('is a name of the platform, a resource id, a GUID, or stands in quotes', () => {
    const guid = '6f1c1a52-0000-4000-8000-000000000001';

    expect(namedIn('using Managed identity system-environment for registry').identity).toBe('system-environment');
    expect(namedIn(`managed identity: ${guid}.`).identity).toBe(guid);
    expect(namedIn('the managed identity "id-pull" is').identity).toBe('id-pull');
  });
});

describe('names are masked', () => {
  it.each([
    ['in URLs', 'Head "https://a.io/v2/x509/denied/manifests/429": EOF', 'Head "https://a.io/v2/manifests/<ref>": EOF'],
    ['in quotes', `pod "denied" for 'x' image "y"`, 'pod "<name>" for "<image>" image "<image>"'],
  ])('%s', (_, text, masked) => {
    expect(withoutNames(text, undefined)).toBe(masked);
  });

  it('wherever the image stands', () => {
    expect(withoutNames('a.io/denied: a.io/denied: not found', 'a.io/denied')).toBe('<image>: <image>: not found');
  });

  it('unless the image is as short as a word of a sentence', () => {
    expect(withoutNames('redis was denied', 'denied')).toBe('redis was denied');
    expect(withoutNames('i/o timeout', 'i/o')).toBe('i/o timeout');
    expect(withoutNames('a:bc denied', 'a:bc')).toBe('a:bc denied');
    expect(withoutNames('a:bcd denied', 'a:bcd')).toBe('<image> denied');
  });
});

describe('the registry of a text that names an image', () => {
  const placeholder = 'mcr.microsoft.com/k8se/quickstart:latest';
  const invalid = (why: string, image = placeholder): string =>
    `Field 'template.containers.web.image' is invalid with details: 'Invalid value: "${image}": ${why}';`;

  it.each([
    ["unable to pull image using Managed identity 'system' for registry acrshop.azurecr.io"],
    ["Failed to construct registry secret for registry 'acrshop.azurecr.io'. Error: 401"],
    ['GET https:?scope=repository%3Ashop%2Fweb%3Apull&service=acrshop.azurecr.io: UNAUTHORIZED'],
    ['GET https://acrshop.azurecr.io/oauth2/token?scope=x: UNAUTHORIZED'],
    ['Get "https://acrshop.azurecr.io/v2/": unauthorized'],
    ['GET https://acrshop.azurecr.io/v2/shop/web/manifests/v1: 401'],
    ['dial tcp: lookup acrshop.azurecr.io on 168.63.129.16:53: no such host'],
    ['access to registry acrshop.azurecr.io was denied. Response code: 401'],
  ])('is the one that was asked: %s', (why) => {
    expect(namedIn(invalid(why))).toMatchObject({ image: placeholder, registry: 'acrshop.azurecr.io' });
  });

  it.each<[string, string, string, string]>([
    ['its own host', 'acrshop.azurecr.io/a:1', 'GET https://acrshop.azurecr.io/oauth2/token', 'acrshop.azurecr.io'],
    [
      'its regional host',
      'acrshop.azurecr.io/a:1',
      'Get "https://acrshop.westeurope.geo.azurecr.io/v2/"',
      'acrshop.azurecr.io',
    ],
    [
      'its data endpoint',
      'acrshop.azurecr.io/a:1',
      'lookup acrshop.westeurope.data.azurecr.io: no such host',
      'acrshop.azurecr.io',
    ],
    [
      'its private name',
      'acrshop.azurecr.io/a:1',
      'lookup acrshop.privatelink.azurecr.io: no such host',
      'acrshop.azurecr.io',
    ],
    ['another name of Docker Hub', 'nginx:1', 'GET https://index.docker.io/v2/', 'docker.io'],
    ['the service that issues tokens', 'ghcr.io/a/b:1', 'Get "https://auth.docker.io/oauth2/token"', 'ghcr.io'],
    [
      'Entra',
      'acrshop.azurecr.io/a:1',
      'Post "https://login.microsoftonline.com/t/oauth2/token"',
      'acrshop.azurecr.io',
    ],
    [
      'a store of layers',
      'registry.k8s.io/pause:3',
      'Get "https://us-docker.pkg.dev/v2/k8s/pause/blobs/x"',
      'registry.k8s.io',
    ],
    ['a proxy', 'ghcr.io/a/b:1', 'proxyconnect tcp: dial tcp: lookup proxy.corp.example: no such host', 'ghcr.io'],
    [
      'a mirror',
      'docker.io/library/nginx:1',
      'Head "https://acrmirror.azurecr.io/v2/library/nginx/manifests/1?ns=docker.io"',
      'docker.io',
    ],
    ['a word', 'ghcr.io/a/b:1', 'failed to get secret for registry credentials', 'ghcr.io'],
  ])('is the image’s own beside %s', (_, image, why, registry) => {
    expect(namedIn(invalid(why, image)).registry).toBe(registry);
  });
});

describe('the value of a field that is invalid', () => {
  const invalid = (field: string, value: string, why: string): string =>
    `The following field(s) are either invalid or missing. Field '${field}' is invalid with details: 'Invalid value: "${value}": ${why}';..`;

  it('is an image where the field is one, or where the registry was asked', () => {
    const named = classify(invalid('template.initContainers.migrate.image', 'acrshop.azurecr.io/a:1', 'UNAUTHORIZED'));

    expect(named).toMatchObject({ image: 'acrshop.azurecr.io/a:1', registry: 'acrshop.azurecr.io' });
    expect(classify('Invalid value: "ghcr.io/a/b:1": GET https:: DENIED').image).toBe('ghcr.io/a/b:1');
  });

  it.each([
    ['configuration.secrets', 'db-connection', 'Unable to get value using Managed identity system'],
    ['template.revisionsuffix', 'v1-0', 'Revision with suffix v1-0 already exists.'],
    ['template.containers.app.env', 'db-password', "SecretRef 'db-password' defined for container 'app' not found."],
    ['template.volumes.data.storageName', 'share1', "managed environment storage 'share1' was not found"],
    ['template.scale.rules', 'http', 'concurrentRequests must be a positive integer'],
  ])('of %s is no image, and the text is about no pull', (field, value, why) => {
    const { image, registry, label } = classify(invalid(field, value, why));

    expect({ image, registry, label }).toEqual({ image: undefined, registry: undefined, label: 'not-a-pull-failure' });
  });
});
