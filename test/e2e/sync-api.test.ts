import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SyncStack, startSyncStack, WEBHOOK_SECRET } from '../support/trackers/sync-stack.ts';

const ORG = '/api/0/organizations/acme';
const links = `${ORG}/issues/101/external-issues/`;
const missing = { detail: 'The requested resource does not exist' };

let world: SyncStack;

const parameterStore = () =>
  new SSMClient({
    endpoint: `${world.stack.url}/_local/ssm`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
const putSecret = (Name: string, value: object) =>
  parameterStore().send(
    new PutParameterCommand({ Name, Value: JSON.stringify(value), Type: 'SecureString' }),
  );
const secretsAmong = async (...Names: string[]) => {
  const { Parameters = [] } = await parameterStore().send(new GetParametersCommand({ Names }));
  return Parameters.map(({ Name }) => Name);
};

beforeAll(async () => {
  world = await startSyncStack();
});
afterAll(async () => {
  await world?.stop();
});

describe('integrations', () => {
  it('are listed and read without their secrets', async () => {
    const { api } = world;
    const { body } = await api.get(`${ORG}/integrations/`);
    expect(body).toEqual([
      expect.objectContaining({
        id: '501',
        name: 'acme on GitHub',
        provider: expect.objectContaining({ key: 'github' }),
        secretRef: 'local/github-501',
        configData: expect.objectContaining({ sync_forward_assignment: true }),
      }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/tok1|s3cret/);
    expect((await api.get(`${ORG}/integrations/501/`)).body).toEqual(body[0]);
    expect(await api.get(`${ORG}/integrations/999/`)).toMatchObject({ status: 404, body: missing });
  });

  it('are added, changed and removed; nobody can point one into the network, or at a secret', async () => {
    const { api } = world;
    const created = await api.post(`${ORG}/integrations/`, {
      provider: 'gitlab',
      name: 'acme on GitLab',
      baseUrl: 'https://gitlab.com/api/v4',
      secretRef: 'local/github-501',
      allowPrivateAddress: true,
    });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toMatchObject({
      allowPrivateAddress: false,
      secretRef: `organizations/1/integrations/${id}`,
    });
    const path = `${ORG}/integrations/${id}/`;
    const changed = await api.put(path, {
      name: 'GitLab',
      allowPrivateAddress: true,
      baseUrl: 'http://127.0.0.1/',
      config: { sync_reverse_assignment: true },
    });
    expect(changed.body).toMatchObject({
      name: 'GitLab',
      allowPrivateAddress: false,
      baseUrl: 'https://gitlab.com/api/v4',
    });
    await api.post(path, { sync_forward_assignment: 'true' });
    expect((await api.get(path)).body.configData).toEqual({
      sync_reverse_assignment: true,
      sync_forward_assignment: true,
    });
    await api.post(`${ORG}/external-users/`, {
      integrationId: id,
      userId: '11',
      externalName: '@alice',
    });
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
    expect(JSON.stringify((await api.get(`${ORG}/external-users/`)).body)).not.toContain(id);
  });

  it('take their secret along when they are removed, and no other', async () => {
    const { api } = world;
    const { body } = await api.post(`${ORG}/integrations/`, {
      provider: 'gitlab',
      name: 'acme on GitLab',
      baseUrl: 'https://gitlab.com/api/v4',
    });
    const own = `/baton/local/${body.secretRef}`;
    const other = '/baton/local/local/github-501';
    await putSecret(own, { token: 't' });
    expect(await secretsAmong(own, other)).toHaveLength(2);
    await api.delete(`${ORG}/integrations/${body.id}/`);
    await api.idle();
    expect(await secretsAmong(own, other)).toEqual([other]);
  });

  const whole = { provider: 'github', name: 'x', baseUrl: 'https://api.github.com' };
  it.each([
    ['an unknown provider', { ...whole, provider: 'bugzilla' }, 'provider'],
    ['no name', { ...whole, name: '' }, 'name'],
    ['no address', { ...whole, baseUrl: undefined }, 'baseUrl'],
    ['no URL', { ...whole, baseUrl: 'github' }, 'baseUrl'],
    ['plain HTTP', { ...whole, baseUrl: 'http://api.github.com' }, 'baseUrl'],
    ['an address inside the network', { ...whole, baseUrl: 'https://10.0.0.1/' }, 'baseUrl'],
    ['an unknown policy', { ...whole, config: { teamPolicy: 'x' } }, 'config'],
  ])('with %s are refused', async (_, body, field) => {
    const answer = await world.api.post(`${ORG}/integrations/`, body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual([field]);
  });

  it.each([
    ['POST', 'integrations/'],
    ['PUT', 'integrations/501/'],
    ['DELETE', 'integrations/501/'],
    ['POST', 'external-users/'],
    ['POST', 'issues/101/external-issues/'],
  ])('%s %s is not for readers', async (method, path) => {
    const answer = await world.api.call(method, `${ORG}/${path}`, {
      token: 'baton_local_reader',
      body: {},
    });
    expect(answer.status).toBe(403);
  });
});

describe('external users', () => {
  it('are said, said again, corrected and forgotten', async () => {
    const { api } = world;
    const said = { integrationId: '501', userId: '11', externalName: '@octocat', externalId: '1' };
    const created = await api.post(`${ORG}/external-users/`, said);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ ...said, id: expect.any(String), provider: 'github' });
    const again = await api.post(`${ORG}/external-users/`, {
      integration_id: 501,
      user_id: 11,
      external_name: '@Octocat',
      provider: 'github',
    });
    expect(again).toMatchObject({ status: 200, body: { id: created.body.id } });
    const path = `${ORG}/external-users/${created.body.id}/`;
    const corrected = await api.put(path, { externalName: '@stranger', externalId: null });
    expect(corrected.body).toMatchObject({ externalName: '@stranger', externalId: null });
    const listed = (await api.get(`${ORG}/external-users/`)).body;
    expect(listed).toHaveLength(3);
    expect(listed).toContainEqual(corrected.body);
    expect((await api.delete(path)).status).toBe(204);
    expect(await api.delete(path)).toMatchObject({ status: 404, body: missing });
  });

  const whole = { integrationId: '501', userId: '11', externalName: '@octocat' };
  it.each([
    [{ ...whole, userId: '14' }, 'userId', 'User is not a member of this organization'],
    [
      { ...whole, integrationId: '9' },
      'integrationId',
      'Integration does not exist for this organization',
    ],
    [{ ...whole, externalName: '' }, 'externalName', 'This field may not be blank.'],
    [
      { ...whole, externalId: '@octocat' },
      'externalId',
      'Write the number of the account, or leave this out.',
    ],
  ])('like %j are refused', async (body, field, message) => {
    const answer = await world.api.post(`${ORG}/external-users/`, body);
    expect(answer).toMatchObject({ status: 400, body: { [field]: [message] } });
  });
});

describe('external issues', () => {
  const linked = async () => (await world.api.get(links)).body;
  it('take over who is assigned here when they are linked', async () => {
    const { api, gitHub } = world;
    const number = await gitHub.openIssue('Pushed');
    await api.put('/api/0/issues/101/', { assignedTo: 'user:12' });
    const key = `octocat/hello#${number}`;
    const created = await api.post(links, { integrationId: '501', key });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ key, provider: 'github', status: 'pending', version: 0 });
    await api.idle();
    expect(await gitHub.assignees(number)).toEqual(['hubot']);
    expect(await linked()).toEqual([
      {
        id: created.body.id,
        integrationId: '501',
        provider: 'github',
        key,
        ...{ issueId: '101', serviceType: 'github', displayName: key },
        webUrl: `${gitHub.url}/${key.replace('#', '/issues/')}`,
        status: 'ok',
        version: 1,
        assignee: { externalId: expect.any(String), externalName: 'hubot' },
        lastError: null,
        updatedAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(await api.post(links, { integrationId: '501', key })).toMatchObject({
      status: 400,
      body: { non_field_errors: ['That issue is already linked'] },
    });
    expect((await api.delete(`${links}${created.body.id}/`)).status).toBe(204);
    expect(await linked()).toEqual([]);
    await api.put('/api/0/issues/101/', { assignedTo: null });
    await api.idle();
    expect(await gitHub.assignees(number)).toEqual(['hubot']);
  });

  it('say who is assigned when nobody is assigned here', async () => {
    const { api, gitHub } = world;
    const number = await gitHub.openIssue('Taken over');
    await gitHub.assign(number, ['mona']);
    const key = `octocat/hello#${number}`;
    const { body } = await api.post(links, { integrationId: '501', key });
    await api.idle();
    expect((await api.get('/api/0/issues/101/')).body.assignedTo).toMatchObject({ id: '13' });
    await api.delete(`${links}${body.id}/`);
    await api.put('/api/0/issues/101/', { assignedTo: null });
  });

  it('are created where there was none, and take over who is assigned here', async () => {
    const { api, gitHub } = world;
    await api.put('/api/0/issues/101/', { assignedTo: 'user:12' });
    const path = `${ORG}/issues/101/integrations/501/`;
    const form = (await api.get(`${path}?action=create`)).body.createIssueConfig;
    const filledIn = form.map((one: { name: string; default: string }) => [one.name, one.default]);
    const body = { ...Object.fromEntries(filledIn), repo: 'octocat/hello' };
    const headers = { 'Idempotency-Key': 'create-once' };
    const made = await api.call('POST', path, { body, headers });
    expect(made).toMatchObject({ status: 201, body: { integrationId: '501' } });
    const number = Number(made.body.key.split('#')[1]);
    expect(await gitHub.title(number)).toBe('TypeError: unsupported operand');
    const again = await api.call('POST', path, { body, headers });
    expect(again).toMatchObject({ status: 201, body: made.body });
    await api.idle();
    expect(await gitHub.assignees(number)).toEqual(['hubot']);
    expect(await linked()).toMatchObject([{ key: made.body.key, status: 'ok' }]);
    expect((await api.delete(`${path}?externalIssue=${made.body.id}`)).status).toBe(204);
    await api.put('/api/0/issues/101/', { assignedTo: null });
    await api.idle();
  });

  it('are named by the address that somebody copied, and their webhooks still reach them', async () => {
    const { api, gitHub, stack } = world;
    const hook = `${stack.url}/api/0/extensions/github/webhook/501/`;
    await gitHub.addWebhook(hook, WEBHOOK_SECRET);
    const number = await gitHub.openIssue('Pasted');
    const address = `${gitHub.url}/octocat/hello/issues/${number}?x=1#issuecomment-2`;
    const { status, body } = await api.post(links, { integrationId: '501', key: address });
    expect({ status, key: body.key }).toEqual({ status: 201, key: `octocat/hello#${number}` });
    const again = await api.post(links, { integrationId: '501', key: `OctoCat/Hello#${number}` });
    expect(again.body).toEqual({ non_field_errors: ['That issue is already linked'] });
    await api.idle();
    await gitHub.assign(number, ['mona']);
    await expect
      .poll(async () => (await api.get('/api/0/issues/101/')).body.assignedTo?.id)
      .toBe('13');
    await api.idle();
    await api.delete(`${links}${body.id}/`);
    await api.put('/api/0/issues/101/', { assignedTo: null });
  });

  it.each([
    ['hello#1', 'This is not the key of an issue.'],
    ['SHOP-12', 'This is not the key of an issue.'],
    ['octocat/hello#one', 'This is not the key of an issue.'],
    ['https://gitlab.com/octocat/hello/-/issues/1', 'This address does not belong to'],
    ['{url}/octocat/hello/pull/1', 'This is not the address of an issue.'],
  ])('that are named %s are refused, and nothing is written', async (key, problem) => {
    const { api, gitHub } = world;
    const before = await linked();
    const named = { integrationId: '501', key: key.replace('{url}', gitHub.url) };
    const { status, body } = await api.post(links, named);
    expect(status).toBe(400);
    expect(body).toEqual({ key: [expect.stringContaining(problem)] });
    expect(body.key[0]).toContain('Write owner/repo#number, such as octocat/hello#12');
    expect(await linked()).toEqual(before);
  });

  it('that do not exist are said to be broken', async () => {
    const { api } = world;
    const key = 'octocat/hello#4711';
    const { body } = await api.post(links, { integrationId: '501', key });
    await api.idle();
    const [link] = await linked();
    expect(link).toMatchObject({ status: 'broken', lastError: expect.stringContaining('404') });
    await api.delete(`${links}${body.id}/`);
  });

  it('of a tracker whose name leads into the network are blocked', async () => {
    const { api, stack } = world;
    const { body } = await api.post(`${ORG}/integrations/`, {
      provider: 'github',
      name: 'Inside',
      baseUrl: stack.url.replace('http://127.0.0.1', 'https://localhost'),
      config: { sync_forward_assignment: true },
    });
    await putSecret(`/baton/local/${body.secretRef}`, { token: 't', webhookSecrets: [] });
    const created = await api.post(links, { integrationId: body.id, key: 'octocat/hello#1' });
    await api.idle();
    expect((await linked())[0]).toMatchObject({
      status: 'blocked',
      lastError: 'localhost is not on the public internet.',
    });
    expect((await api.delete(`${ORG}/integrations/${body.id}/`)).status).toBe(204);
    expect(await linked()).toEqual([]);
    await api.delete(`${links}${created.body.id}/`);
  });

  it('that refuse somebody keep the assignment here, and say so until it changes', async () => {
    const { api, gitHub } = world;
    const number = await gitHub.openIssue('Refused');
    const key = `octocat/hello#${number}`;
    const mapped = { integrationId: '501', userId: '11', externalName: '@no-such-login' };
    const externalUser = (await api.post(`${ORG}/external-users/`, mapped)).body;
    await api.put('/api/0/issues/101/', { assignedTo: 'user:11' });
    const { body } = await api.post(links, { integrationId: '501', key });
    await api.idle();
    expect((await linked())[0]).toMatchObject({
      status: 'rejected',
      lastError: expect.stringMatching(/./),
      assignee: null,
    });
    await gitHub.setState(number, 'closed');
    await gitHub.setState(number, 'open');
    await api.post('/_local/schedules/sweeper', undefined, { token: null });
    await api.idle();
    expect((await api.get('/api/0/issues/101/')).body.assignedTo).toMatchObject({ id: '11' });
    expect((await linked())[0]).toMatchObject({ status: 'rejected' });

    await api.put('/api/0/issues/101/', { assignedTo: 'user:12' });
    await api.idle();
    expect(await gitHub.assignees(number)).toEqual(['hubot']);
    expect((await linked())[0]).toMatchObject({ status: 'ok', lastError: null });
    await api.delete(`${links}${body.id}/`);
    await api.delete(`${ORG}/external-users/${externalUser.id}/`);
    await api.put('/api/0/issues/101/', { assignedTo: null });
  });

  it('keep their people when a team, or somebody without an account, is assigned here', async () => {
    const { api, gitHub } = world;
    const number = await gitHub.openIssue('Kept');
    await gitHub.assign(number, ['mona']);
    const key = `octocat/hello#${number}`;
    await api.put('/api/0/issues/101/', { assignedTo: 'team:21' });
    const { body } = await api.post(links, { integrationId: '501', key });
    await api.idle();
    expect(await gitHub.assignees(number)).toEqual(['mona']);
    expect((await linked())[0]).toMatchObject({ status: 'unmapped', version: expect.any(Number) });
    expect((await api.get('/api/0/issues/101/')).body.assignedTo).toMatchObject({ type: 'team' });
    await api.delete(`${links}${body.id}/`);
    await api.put('/api/0/issues/101/', { assignedTo: null });
  });

  it('show in a dry run what would be written, and nothing is', async () => {
    const { api, gitHub, issue } = world;
    await api.post(`${ORG}/integrations/501/`, { sync_reverse_assignment: false });
    await gitHub.assign(issue, ['stranger']);
    const planned = async () =>
      (await api.get(`${ORG}/issues/SHOP-2/external-issues/?plan=1`)).body[0];
    expect((await planned()).plan).toEqual({ add: [], remove: [] });
    await api.post(`${ORG}/integrations/501/`, { sync_forward_assignment: false });
    await api.put('/api/0/issues/102/', { assignedTo: 'user:12' });
    await api.idle();
    await api.post(`${ORG}/integrations/501/`, { sync_forward_assignment: true });
    expect(await planned()).toMatchObject({
      status: 'pending',
      version: 0,
      plan: { add: [{ externalName: '@hubot' }], remove: [] },
    });
    await api.idle();
    expect(await gitHub.assignees(issue)).toEqual(['stranger']);

    await api.post('/_local/schedules/sweeper', undefined, { token: null });
    await api.idle();
    expect(await gitHub.assignees(issue)).toEqual(['hubot', 'stranger']);
    expect(await planned()).toMatchObject({ status: 'ok', plan: { add: [], remove: [] } });
    await api.post(`${ORG}/integrations/501/`, { sync_reverse_assignment: true });
  });

  it.each([
    [{ integrationId: '501' }, 'key', 'This field is required.'],
    [{ key: 'a/b#1' }, 'integrationId', 'This field is required.'],
    [
      { integrationId: '777', key: 'a/b#1' },
      'integrationId',
      'Integration does not exist for this organization',
    ],
  ])('like %j are refused', async (body, field, message) => {
    const answer = await world.api.post(links, body);
    expect(answer).toMatchObject({ status: 400, body: { [field]: [message] } });
  });

  it.each([
    ['of an issue that is not there', `${ORG}/issues/999/external-issues/`],
    ['of another organization', `${ORG}/issues/901/external-issues/`],
  ])('%s are not there', async (_, path) => {
    expect(await world.api.get(path)).toMatchObject({ status: 404, body: missing });
  });

  it('are unlinked once', async () => {
    expect(await world.api.delete(`${links}12345/`)).toMatchObject({ status: 404, body: missing });
  });
});
