import { pki } from 'node-forge';

/** A certificate that vouches for itself, and its private key, as PEM. */
export interface Certificate {
	cert: string;
	key: string;
}

/** Makes one for `localhost`, good for a day. */
export function makeCertificate(): Certificate {
	const { privateKey, publicKey } = pki.rsa.generateKeyPair(2048);
	const certificate = pki.createCertificate();
	certificate.publicKey = publicKey;
	certificate.serialNumber = '01';
	certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
	certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
	const name = [{ name: 'commonName', value: 'localhost' }];
	certificate.setSubject(name);
	certificate.setIssuer(name);
	certificate.setExtensions([
		{ name: 'basicConstraints', cA: true },
		{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
	]);
	certificate.sign(privateKey);
	return { cert: pki.certificateToPem(certificate), key: pki.privateKeyToPem(privateKey) };
}
