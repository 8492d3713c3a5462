import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CACHE_ACCESS } from '../../infra/constructs/cache.ts';
import { type CacheEngine, startCache } from '../../infra/local/driver/engines/cache.ts';
import { ENV } from '../../shared/env.ts';
import { render, synthesize, type Template, target } from './template.ts';

describe.each([
  ['alice', 'public'],
  ['staging', 'vpc'],
  ['prod', 'vpc'],
])('the cache of %s', (stage, mode) => {
  let stack: Template;

  beforeAll(() => {
    stack = synthesize(stage);
  });

  it('is serverless Valkey, with users that log in through IAM', () => {
    const cache = stack.only('AWS::ElastiCache::ServerlessCache').Properties;
    const user = stack.only('AWS::ElastiCache::User').Properties;
    const group = stack.only('AWS::ElastiCache::UserGroup').Properties;
    for (const resource of [cache, user, group]) {
      expect(resource.Engine).toBe('valkey');
    }
    expect(cache.MajorEngineVersion).toBe('9');
    expect(user).toMatchObject({ AuthenticationMode: { Type: 'iam' } });
    expect(user.UserId).toBe(user.UserName);
    expect(group.UserIds.map(target)).toEqual(['cacheuser']);
    expect(target(cache.UserGroupId)).toBe('cacheusers');
  });

  it(`is reached in the mode ${mode}`, () => {
    const cache = stack.only('AWS::ElastiCache::ServerlessCache').Properties;
    expect(cache.ConnectionType).toBe(mode);
    expect(cache.SubnetIds ?? []).toHaveLength(mode === 'vpc' ? 2 : 0);
    expect(stack.all('AWS::EC2::VPC')).toHaveLength(mode === 'vpc' ? 1 : 0);
  });

  it('has a fuse against a bill', () => {
    const { CacheUsageLimits } = stack.only('AWS::ElastiCache::ServerlessCache').Properties;
    expect(CacheUsageLimits.DataStorage.Maximum).toBeGreaterThanOrEqual(1);
    expect(CacheUsageLimits.ECPUPerSecond.Maximum).toBeGreaterThanOrEqual(1_000);
  });

  it('is what its functions are told', () => {
    const { properties } = stack.functions().get('group-update') ?? expect.fail('not in the stack');
    const variables = properties.Environment.Variables;
    expect(render(variables[ENV.cacheHost])).toBe('<cache.Endpoint.Address>');
    expect(render(variables[ENV.cachePort])).toBe('<cache.Endpoint.Port>');
    expect(variables).toMatchObject({
      [ENV.cacheAuth]: 'iam',
      [ENV.cacheName]: `baton-${stage}`,
      [ENV.cacheUser]: `baton-${stage}`,
    });
  });

  it('shares the VPC, where there is one, with those who use it and no one else', () => {
    const inside = [...stack.functions()]
      .filter(([, { properties }]) => properties.VpcConfig !== undefined)
      .map(([name]) => name);
    const users = [...stack.functions()]
      .filter(([, { properties }]) => ENV.cacheHost in properties.Environment.Variables)
      .map(([name]) => name);
    expect(users).toContain('group-update');
    expect(inside).toEqual(mode === 'vpc' ? users : []);
  });
});

describe('names of the cache', () => {
  it('are lower-case and within 40 characters, whatever the stage', () => {
    const stack = synthesize(`a${'9'.repeat(19)}`);
    const names = [
      stack.only('AWS::ElastiCache::ServerlessCache').Properties.ServerlessCacheName,
      stack.only('AWS::ElastiCache::User').Properties.UserId,
      stack.only('AWS::ElastiCache::UserGroup').Properties.UserGroupId,
    ];
    for (const name of names) {
      expect(name).toMatch(/^[a-z](?:-?[a-z0-9]){1,39}$/);
    }
  });
});

describe('the VPC', () => {
  let prod: Template;

  beforeAll(() => {
    prod = synthesize('prod');
  });

  it('has no way out but an endpoint for DynamoDB', () => {
    expect(prod.all('AWS::EC2::NatGateway')).toEqual([]);
    expect(prod.all('AWS::EC2::InternetGateway')).toEqual([]);
    const endpoint = prod.only('AWS::EC2::VPCEndpoint').Properties;
    expect(render(endpoint.ServiceName)).toBe('com.amazonaws.<AWS::Region>.dynamodb');
    expect(endpoint.RouteTableIds).toHaveLength(2);
  });

  it('opens the ports of the cache to the functions alone', () => {
    const ingress = prod.only('AWS::EC2::SecurityGroupIngress').Properties;
    expect(ingress).toMatchObject({ IpProtocol: 'tcp', FromPort: 6379, ToPort: 6380 });
    expect(render(ingress.SourceSecurityGroupId)).toMatch(/^<functionsgroup\w+\.GroupId>$/);
  });
});

describe('the user of the functions, on a real engine', () => {
  let engine: CacheEngine;
  let admin: Redis;
  let user: Redis;

  beforeAll(async () => {
    engine = await startCache();
    admin = connect({});
    await admin.call('ACL', 'SETUSER', 'functions', 'nopass', ...CACHE_ACCESS.split(' '));
    user = connect({ username: 'functions', password: 'any' });
  });

  afterAll(async () => {
    user?.disconnect();
    await admin?.call('ACL', 'DELUSER', 'functions');
    admin?.disconnect();
    await engine?.stop();
  });

  function connect(login: { username?: string; password?: string }): Redis {
    return new Redis(engine.port, engine.host, { enableReadyCheck: false, ...login });
  }

  it('may do what a cluster client does to connect', async () => {
    const cluster = new Cluster([{ host: engine.host, port: engine.port }], {
      redisOptions: { username: 'functions', password: 'any' },
      clusterRetryStrategy: () => null,
    });
    cluster.on('error', () => undefined);
    try {
      await cluster.set('k', 'v');
      await expect(cluster.get('k')).resolves.toBe('v');
    } finally {
      cluster.disconnect();
    }
  });

  it.each([
    ['set a key that expires', ['SET', 'k', 'v', 'PX', '1000']],
    ['get a key', ['GET', 'k']],
    ['delete a key', ['DEL', 'k']],
    ['delete a key in the background', ['UNLINK', 'k']],
    ['run a script that asks for the time', ['EVAL', "return redis.call('TIME')[1]", '0']],
    [
      'count in a hash from a script',
      ['EVAL', "return redis.call('HINCRBY', KEYS[1], 'f', 1)", '1', 'h'],
    ],
    [
      'count distinct members',
      [
        'EVAL',
        "redis.call('SADD', KEYS[1], 'g') redis.call('EXPIRE', KEYS[1], 60) return redis.call('SCARD', KEYS[1])",
        '1',
        's',
      ],
    ],
    ['load a script', ['SCRIPT', 'LOAD', 'return 1']],
    ['ask for the time', ['TIME']],
    ['learn where the slots are', ['CLUSTER', 'SLOTS']],
    ['ask whether the server is ready', ['INFO']],
    ['ping', ['PING']],
  ])('may %s', async (_, [command, ...rest]) => {
    await expect(user.call(command as string, ...rest)).resolves.toBeDefined();
  });

  it.each([
    ['empty the store', ['FLUSHALL']],
    ['list the keys', ['KEYS', '*']],
    ['change the configuration', ['CONFIG', 'SET', 'maxmemory', '1']],
    ['change users', ['ACL', 'SETUSER', 'functions', '+@all']],
    ['stop the server', ['SHUTDOWN']],
    ['move slots', ['CLUSTER', 'RESET']],
  ])('may not %s', async (_, [command, ...rest]) => {
    await expect(user.call(command as string, ...rest)).rejects.toThrow('NOPERM');
  });
});
