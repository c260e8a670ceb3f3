<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/move: to which reseller an end customer goes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'move']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<section class="card pad small">
		<p>It belongs to <bdi><xsl:value-of select="t:customer/@parent-name"/></bdi> now. Its users, contracts in force and billing sources go along. What the former reseller has drafted, cancelled or noted stays out of the new one's sight, and invitations that it sent and nobody has accepted end.</p>
		<xsl:for-each select="t:form"><xsl:call-template name="form"><xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id)"/></xsl:call-template></xsl:for-each>
	</section>
	<xsl:for-each select="t:search"><xsl:call-template name="form-search"><xsl:with-param name="form">move</xsl:with-param></xsl:call-template></xsl:for-each>
</xsl:template>
</xsl:stylesheet>
