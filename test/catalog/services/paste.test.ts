import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkAnnounced } from './announced.ts'

describe('text drops', () => {
  checkAnnounced(`
POST   pastebin.com/api/api_post.php            paste           -
POST   pastebin.com/                            paste           -
POST   pastebin.com/api/api_login.php           paste           -
GET    pastebin.com/raw/x                       unknown-write   -
GET    pastebin.com/api/api_login.php           unknown-write   -
POST   hastebin.com/documents                   paste           -
PUT    paste.rs/                                paste           -
POST   api.pastes.dev/post                      paste           -
POST   dpaste.com/api/v2                        paste           -
POST   dpaste.com/api/v2/                       unknown-write   -
PATCH  api.paste.gg/v1/pastes/x                 paste           -
POST   ghostbin.co/paste/new                    paste           -
POST   controlc.com/index.php?act=submit        paste           -
DELETE paste.rs/abc                             unknown-write   -
POST   notpastebin.com/api/api_post.php         unknown-write   -
`)

  it.each([
    ['pastebin.com/api/api_login.php', 'application/x-www-form-urlencoded', 'sign-in'],
    ['pastebin.com/api/api_login.php', 'text/plain', 'paste'],
    ['pastebin.com/api/api_login.php', 'application/x-www-form-urlencoded, text/plain', 'paste'],
    ['pastebin.com/API/api_login.php', 'application/x-www-form-urlencoded', 'paste'],
    ['pastebin.com/api/api_post.php', 'application/x-www-form-urlencoded', 'paste'],
    ['hastebin.com/api/api_login.php', 'application/x-www-form-urlencoded', 'paste'],
  ])('a POST to %s of %s is %s', (url, contentType, operation) => {
    expect(classifyUrl('POST', url, { contentType }).operation).toBe(operation)
  })
})
