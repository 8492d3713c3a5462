import { type ActorInput, actorFromText } from '../../../domain/actor.ts';
import { type MemberRole, memberRoles } from '../../../domain/directory.ts';
import { choice, dictionary, maybe, parseBody, text } from '../../fields.ts';

const newMember = dictionary({
  user: text({ maxLength: 320 }),
  role: maybe(choice(memberRoles)),
});

export type NewMemberRequest = { readonly user: ActorInput; readonly role: MemberRole };

/**
 * Reads the body of a new member: the user by id, user name or e-mail address, and the role, `member` unless given. Throws
 * `request.invalid` with the messages of every field that is wrong.
 */
export function parseNewMember(body: unknown): NewMemberRequest {
  const { user, role = 'member' } = parseBody(newMember, body);
  const actor = actorFromText(user.includes(':') ? user : `user:${user}`);
  if (actor !== undefined) return { user: { kind: 'actor', actor }, role };
  return { user: { kind: 'login', login: user.toLowerCase() }, role };
}
