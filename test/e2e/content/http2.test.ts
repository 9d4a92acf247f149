/** What is in an upload decides over it, by every channel of HTTP/2. */
import { tellOfContent } from './http.ts'

tellOfContent('HTTP/2')
