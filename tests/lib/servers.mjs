// What each web server answers by itself or cannot be told, as doc/operators.md has it for operators. From here alone a test
// learns of it; all else is asked of the four alike.
const ALIKE = {
	nulStatus: 400, // for a path with %00 in it
	addressMax: 32000, // bytes of an address up to which the program is asked
	followsLinks: false, // in a theme's folder
	hidesCut: () => false, // a download of so many bytes that was cut looks whole
	elsewhere: 404, // what is not below the base path, where it serves nothing else
};

const OWN = {
	nginx: {},
	apache: { nulStatus: 404, addressMax: 15900 },
	lighttpd: { followsLinks: true, hidesCut: (bytes) => bytes < 34000 },
	caddy: { followsLinks: true, hidesCut: () => true, elsewhere: 200 },
};

export const ownWays = (server = process.env.TENANTRY_SERVER ?? 'nginx') => ({ ...ALIKE, ...OWN[server] });
