<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/admin: step 2 of adding a customer, its admin user; can be done any time later. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'customer-admin']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<section class="card pad small">
		<p>Step 2 of 2: who looks after this customer's account. The invitation is sent by e-mail.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="cancel">customers</xsl:with-param>
				<xsl:with-param name="cancel-label">Complete later</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</section>
</xsl:template>
</xsl:stylesheet>
