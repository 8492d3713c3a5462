/** Nobody and nothing has a picture: clients draw the initials. */
export const letterAvatar = { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null };
