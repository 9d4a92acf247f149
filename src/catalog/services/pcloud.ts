/** pCloud: the path is the method's name, and GET and POST are the same to all of them. */
import { type RouteMethod, rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'
import { WEBDAV } from './webdav.ts'

const ANY: readonly RouteMethod[] = ['GET', 'POST', 'PUT']

const named = (names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `/${name}`)

const API = [
  ...rowsFor(
    ANY,
    'file-upload',
    // A file that pCloud fetches itself (`downloadfile`) comes from an address that carries what it likes.
    named(`uploadfile uploadtransfer uploadtolink uploadfileasync upload_create upload_write upload_writefromfile upload_save
    upload_blockchecksums copytolink downloadfile downloadfileasync file_open file_write file_pwrite file_truncate
    writefromfile`),
  ),
  ...rowsFor(
    ANY,
    'file-write',
    named(`createfolder createfolderifnotexists copyfolder renamefolder deletefolder deletefolderrecursive copyfile
    renamefile deletefile savezip extractarchive revertrevision trash_clear trash_restore`),
  ),
  ...rowsFor(
    ANY,
    'access-write',
    named(`getfilepublink getfolderpublink gettreepublink changepublink deletepublink sharefolder acceptshare cancelshare
    changeshare declineshare removeshare createuploadlink changeuploadlink deleteuploadlink publishfile`),
  ),
  ...rowsFor(ANY, 'account-write', named('register changepassword changemail invite sendpublink')),
  ...rowsFor(
    ['GET'],
    'api-read',
    named(`listfolder stat checksumfile getfilelink getziplink getthumblink getpublinkdownload listpublinks listshares
    listuploadlinks listrevisions listtokens currentserver getip getapiserver diff`),
  ),
]

export const PCLOUD: ServiceEntry = webService(
  'pcloud',
  'file-sharing',
  webSurface('download', ['webdav.pcloud.com', 'ewebdav.pcloud.com'], WEBDAV),
  // Any of its hosts answers to the methods of the API; downloads come from hosts without number.
  webSurface('api-read', ['pcloud.com', '*.pcloud.com', '*.pcloud.link'], API),
)
