/** What is in an upload decides over it, by every channel of HTTP/1.1. */
import { tellOfContent } from './http.ts'

tellOfContent('HTTP/1.1')
