<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/users/UID/cancel: asks before an invitation is cancelled. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'user-cancel']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<div class="card small pad" data-popup="">
		<p>The link that went to <bdi><xsl:value-of select="t:user/@email"/></bdi> stops working. The invitation can be sent again later.</p>
		<xsl:for-each select="t:form">
			<xsl:call-template name="form">
				<xsl:with-param name="button">danger</xsl:with-param>
				<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/users/', /t:page/t:user/@id)"/>
				<xsl:with-param name="cancel-label">Back</xsl:with-param>
			</xsl:call-template>
		</xsl:for-each>
	</div>
</xsl:template>
</xsl:stylesheet>
