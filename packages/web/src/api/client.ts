// The one client of the API. The browser sends its cookie; nothing of the session is held here.
import { Client, type RoutePlaces } from '@spillway/server/client'
import places from './route-places.json' with { type: 'json' }

export const client = new Client({ url: '', routes: places as RoutePlaces })
